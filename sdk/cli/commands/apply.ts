import { DatumError, FieldOwnershipError } from '../../client/errors.ts';
import { kindOf } from '../kinds.ts';
import { prepare } from '../manifests/prepare.ts';
import { readManifests } from '../manifests/read-manifests.ts';
import { type Command, defaultNamespace, manifestOptions, readArgs, withClient } from '../options.ts';
import { nameOf } from '../printing/output.ts';

const options = { ...manifestOptions, 'dry-run': { type: 'boolean' } } as const;

/** `datum apply`: server-side apply of manifests. What fails does not keep the others back. */
export const apply: Command = {
  summary: 'make objects as manifests say (server-side apply)',
  usage: 'datum apply -f FILE|FOLDER|- … [-n NAMESPACE] [--dry-run] [--force-conflicts] [--field-manager NAME]',
  options,
  async run(context) {
    const { values } = readArgs(context, { options, usage: apply.usage });
    const manifests = await readManifests(values.filename ?? []);
    const dryRun = values['dry-run'] ?? false;
    return withClient(context, values, async (client) => {
      let failed = 0;
      for (const manifest of manifests) {
        const known = await kindOf(client, manifest);
        const resource = client.resource(known.kind);
        const prepared = prepare(known, manifest, values.namespace ?? defaultNamespace);
        const before = await resource.find({ ...prepared.metadata, signal: context.signal });
        try {
          const { created, object, warnings } = await resource.apply(prepared, {
            dryRun,
            force: values['force-conflicts'],
            fieldManager: values['field-manager'],
            signal: context.signal,
          });
          for (const warning of warnings) context.tell(`warning: ${warning}`);
          const isSame = before?.metadata.resourceVersion === object.metadata.resourceVersion;
          const outcome = created ? 'created' : isSame ? 'unchanged' : 'configured';
          context.print(`${nameOf(known, object)} ${outcome}${dryRun ? ' (dry run)' : ''}`);
        } catch (error) {
          if (!(error instanceof DatumError) || error.retryable) throw error;
          failed += 1;
          const help = error instanceof FieldOwnershipError ? '; --force-conflicts takes the fields over' : '';
          context.tell(`${nameOf(known, prepared)}: ${error.message}${help}`);
        }
      }
      return failed === 0 ? 0 : 1;
    });
  },
};

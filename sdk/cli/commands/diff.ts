import type { AnyKind } from '../../client/kind.ts';
import { fieldDiff } from '../../diff/field-diff.ts';
import { lineDiff } from '../../diff/line-diff.ts';
import { kindOf } from '../kinds.ts';
import { prepare } from '../manifests/prepare.ts';
import { readManifests } from '../manifests/read-manifests.ts';
import { type Command, defaultNamespace, manifestOptions, readArgs, withClient } from '../options.ts';
import { nameOf, yaml } from '../printing/output.ts';

const options = { ...manifestOptions, fields: { type: 'boolean' } } as const;
/** Metadata that every write changes. */
const bookkeeping = ['resourceVersion', 'generation', 'creationTimestamp', 'uid'];

/** `datum diff`: what an apply would change, by the server's own dry run. Exit code 1 where there is a difference. */
export const diff: Command = {
  summary: 'show what an apply would change; exit code 1 when it is something',
  usage: 'datum diff -f FILE|FOLDER|- … [-n NAMESPACE] [--fields] [--force-conflicts] [--field-manager NAME]',
  options,
  async run(context) {
    const { values } = readArgs(context, { options, usage: diff.usage });
    const manifests = await readManifests(values.filename ?? []);
    return withClient(context, values, async (client) => {
      let different = 0;
      for (const manifest of manifests) {
        const known = await kindOf(client, manifest);
        const resource = client.resource(known.kind);
        const prepared = prepare(known, manifest, values.namespace ?? defaultNamespace);
        const before = await resource.find({ ...prepared.metadata, signal: context.signal });
        const { object: after } = await resource.apply(prepared, {
          dryRun: true,
          force: values['force-conflicts'],
          fieldManager: values['field-manager'],
          signal: context.signal,
        });
        const [old, fresh] = masked(plain(before), plain(after), known.printing?.sensitive ?? []);
        const text = values.fields === true ? fields(old, fresh) : lineDiff(yaml(old), yaml(fresh));
        if (text === '') continue;
        different += 1;
        const name = nameOf(known, prepared);
        context.print(`--- ${before === undefined ? '/dev/null' : name}\n+++ ${name}\n${text}`);
      }
      return different === 0 ? 0 : 1;
    });
  },
};

function fields(before: object, after: object): string {
  const show = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value));
  return fieldDiff(before, after)
    .map((change) => `${change.path}: ${show(change.before)} -> ${show(change.after)}`)
    .join('\n');
}

/** Two states of an object without the values of secrets, though with whether they differ. */
function masked(before: object, after: object, sensitive: readonly string[]): [object, object] {
  const mask = (object: Values, other: Values, changed: string): object =>
    Object.fromEntries(
      Object.entries(object).map(([field, value]) => {
        if (!sensitive.includes(field) || typeof value !== 'object' || value === null) return [field, value];
        const others = (other[field] ?? {}) as Values;
        const keys = Object.entries(value).map(([key, secret]) => [
          key,
          secret === others[key] ? '***' : `*** (${changed})`,
        ]);
        return [field, Object.fromEntries(keys)];
      }),
    );
  return [mask(before as Values, after as Values, 'before'), mask(after as Values, before as Values, 'after')];
}

type Values = Readonly<Record<string, unknown>>;

/** An object without what every write changes. */
function plain(object: AnyKind['object'] | undefined): object {
  if (object === undefined) return {};
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([field]) => !bookkeeping.includes(field)),
  );
  return { ...object, metadata };
}

import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { mergePatch, withoutNulls } from '../../kinds/merge-patch.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import { StoreError } from '../../store/errors.ts';
import type { NewObject, Propagation } from '../../store/types.ts';
import type { SubgraphContext } from './context.ts';
import { userErrors } from './user-errors.ts';

interface WriteArguments {
  readonly namespace?: string;
  readonly name: string;
  readonly dryRun: boolean;
  readonly ifMatch?: string | null;
}

interface CreateArguments {
  readonly input: unknown;
  readonly dryRun: boolean;
  readonly idempotencyKey?: string | null;
}

interface UpdateArguments extends WriteArguments {
  readonly patch: unknown;
}

interface ApplyArguments {
  readonly namespace?: string;
  readonly name: string;
  readonly input: unknown;
  readonly fieldManager: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

interface DeleteArguments extends WriteArguments {
  readonly uid?: string | null;
  readonly propagation: keyof typeof propagations;
}

const propagations = { BACKGROUND: 'Background', FOREGROUND: 'Foreground', ORPHAN: 'Orphan' } as const satisfies Record<
  string,
  Propagation
>;

/** Root mutation fields of one kind: create, update, apply, delete. */
export function mutationResolvers(
  kind: Kind,
): Record<string, (source: unknown, args: never, context: SubgraphContext) => Promise<object>> {
  const names = apiNames(kind);
  const answer = outcome(kind, names.one);
  return {
    [names.create]: (_: unknown, { input, dryRun, idempotencyKey }: CreateArguments, context: SubgraphContext) =>
      answer(context, async () => {
        const options = { dryRun, ...(idempotencyKey ? { idempotencyKey } : {}) };
        return context.store.create(context.request, kind.id, withoutNulls(input) as NewObject, options);
      }),
    [names.update]: (
      _: unknown,
      { namespace = '', name, patch, dryRun, ifMatch }: UpdateArguments,
      context: SubgraphContext,
    ) =>
      answer(context, async () => {
        const change = (current: Resource): Resource => mergePatch(current, patch) as Resource;
        const options = { dryRun, ...(ifMatch ? { ifMatch } : {}) };
        return context.store.update(context.request, kind.id, { namespace, name }, change, options);
      }),
    [names.apply]: (
      _: unknown,
      { namespace = '', name, input, fieldManager, force, dryRun }: ApplyArguments,
      context: SubgraphContext,
    ) =>
      answer(context, async () => {
        checkFieldManager(fieldManager);
        const request = { ...context.request, manager: fieldManager };
        const applied = manifest(kind, { namespace, name }, withoutNulls(input) as Configuration);
        return context.store.apply(request, kind.id, { namespace, name }, applied, { force, dryRun });
      }),
    [names.delete]: (
      _: unknown,
      { namespace = '', name, dryRun, ifMatch, uid, propagation }: DeleteArguments,
      context: SubgraphContext,
    ) =>
      answer(context, async () => {
        const options = {
          dryRun,
          propagation: propagations[propagation],
          ...(ifMatch ? { ifMatch } : {}),
          ...(uid ? { uid } : {}),
        };
        return context.store.delete(context.request, kind.id, { namespace, name }, options);
      }),
  };
}

interface Configuration extends Readonly<Record<string, unknown>> {
  readonly metadata?: object;
}

/** An applied input as the manifest that another door would send, so that managers and annotations are the same. */
function manifest(kind: Kind, { namespace, name }: Key, { metadata, ...content }: Configuration): Configuration {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.name,
    metadata: { ...metadata, name, ...(namespace === '' ? {} : { namespace }) },
    ...content,
  };
}

const maxFieldManagerLength = 128;

/** Refuses what cannot name a manager. */
function checkFieldManager(manager: string): void {
  if (
    manager.length > 0 &&
    manager.length <= maxFieldManagerLength &&
    /^[^\p{C}\p{Z}]+( [^\p{C}\p{Z}]+)*$/u.test(manager)
  )
    return;
  throw new StoreError('BadRequest', `fieldManager must be 1 to ${maxFieldManagerLength} printable characters`);
}

interface Written {
  readonly object: Resource;
  readonly warnings?: readonly string[];
  readonly deleted?: boolean;
  readonly created?: boolean;
}

/** Runs a write and makes its payload; a refusal becomes the payload's user errors. */
function outcome(kind: Kind, objectField: string) {
  return async (context: SubgraphContext, write: () => Promise<Written>): Promise<object> => {
    try {
      const { object, warnings = [], deleted = false, created = false } = await write();
      const { namespace, name } = object.metadata;
      // To write is not to read, though what was written is shown to those who may.
      const shown = context.guard.may(kind, 'get', { namespace, name }) ? object : null;
      return { [objectField]: shown, deleted, created, userErrors: [], warnings };
    } catch (error) {
      const errors = userErrors(error);
      if (errors === undefined) throw error;
      return { [objectField]: null, deleted: false, created: false, userErrors: errors, warnings: [] };
    } finally {
      context.refresh();
    }
  };
}

import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { NewObject, Propagation } from '../../store/types.ts';
import type { SubgraphContext } from './context.ts';
import { mergePatch, withoutNulls } from './merge.ts';
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

interface DeleteArguments extends WriteArguments {
  readonly uid?: string | null;
  readonly propagation: keyof typeof propagations;
}

const propagations = { BACKGROUND: 'Background', FOREGROUND: 'Foreground', ORPHAN: 'Orphan' } as const satisfies Record<
  string,
  Propagation
>;

/** Root mutation fields of one kind: create, update, delete. */
export function mutationResolvers(
  kind: Kind,
): Record<string, (source: unknown, args: never, context: SubgraphContext) => Promise<object>> {
  const names = apiNames(kind);
  const answer = outcome(names.one);
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

interface Written {
  readonly object: Resource;
  readonly warnings?: readonly string[];
  readonly deleted?: boolean;
}

/** Runs a write and makes its payload; a refusal becomes the payload's user errors. */
function outcome(objectField: string) {
  return async (context: SubgraphContext, write: () => Promise<Written>): Promise<object> => {
    try {
      const { object, warnings = [], deleted = false } = await write();
      return { [objectField]: object, deleted, userErrors: [], warnings };
    } catch (error) {
      const errors = userErrors(error);
      if (errors === undefined) throw error;
      return { [objectField]: null, deleted: false, userErrors: errors, warnings: [] };
    } finally {
      context.refresh();
    }
  };
}

import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { SubgraphContext } from './context.ts';
import { connection, listOptions, type PageArguments, selectors } from './page.ts';
import { tokenMaker } from './resume-token.ts';

interface KeyArguments {
  /** Absent for kinds of cluster scope. */
  readonly namespace?: string;
  readonly name: string;
}

/** Root query fields of one kind: one object, and a page of them. */
export function queryResolvers(
  kind: Kind,
): Record<string, (source: unknown, args: never, context: SubgraphContext) => unknown> {
  const names = apiNames(kind);
  return {
    async [names.one](
      _: unknown,
      { namespace = '', name }: KeyArguments,
      { loaders, guard }: SubgraphContext,
    ): Promise<Resource | null> {
      guard.require(kind, 'get', { namespace, name });
      return (await loaders.object(kind.id, { namespace, name })) ?? null;
    },
    async [names.many](
      _: unknown,
      args: PageArguments & { readonly namespace?: string | null },
      context: SubgraphContext,
    ): Promise<object> {
      const scope = { ...selectors(args.filter), ...(args.namespace ? { namespace: args.namespace } : {}) };
      const options = { ...listOptions(args), ...scope };
      const sight = context.guard.requireSight(kind, 'list', options);
      const result = await context.loaders.list(kind.id, options);
      for (const object of result.items) context.loaders.prime(kind.id, object);
      const token = tokenMaker(context.request, { kind: kind.id, ...options }, sight);
      const count = async (): Promise<number> =>
        context.store.count(context.request, kind.id, { ...scope, at: result.revision });
      return connection(result, options, token(result.revision), count);
    },
  };
}

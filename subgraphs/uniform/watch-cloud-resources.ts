import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import { hasCloudResources } from '../../kinds/generator/graphql-api/inventory-api.ts';
import type { Kind } from '../../kinds/kind.ts';
import { abortable } from './abortable.ts';
import { cloudResourcesResolver } from './cloud-resources.ts';
import type { SubgraphContext } from './context.ts';
import { refusal } from './errors.ts';

interface KeyArguments {
  readonly namespace?: string;
  readonly name: string;
}

/** Root subscription field of a kind for what was made for one object; none for kinds that nothing is made for. */
export function watchCloudResourcesResolvers(
  kind: Kind,
): Record<string, { subscribe: (source: unknown, args: never, context: SubgraphContext) => AsyncIterable<object> }> {
  if (!hasCloudResources(kind)) return {};
  const field = apiNames(kind).watchCloudResources;
  return {
    [field]: {
      subscribe(_: unknown, key: KeyArguments, context: SubgraphContext) {
        context.guard.require(kind, 'get', { namespace: key.namespace ?? '', name: key.name });
        return abortable((signal) => events(context, kind, field, key, signal));
      },
    },
  };
}

/** All of it at first and after every change. Ends with the object; throws Forbidden when the caller may not get it any more. */
async function* events(
  context: SubgraphContext,
  kind: Kind,
  field: string,
  { namespace = '', name }: KeyArguments,
  signal: AbortSignal,
): AsyncGenerator<object, void> {
  const object = await context.loaders.object(kind.id, { namespace, name });
  if (object === undefined) throw refusal(`There is no ${kind.name} ${name}`, 'NOT_FOUND');
  const read = cloudResourcesResolver(kind);
  let told: string | undefined;
  for await (const _ of context.inventory.cloudChanges.follow(object.metadata.uid, signal)) {
    context.refresh();
    const now = await context.loaders.object(kind.id, { namespace, name });
    if (now?.metadata.uid !== object.metadata.uid) return;
    const resources = await read(now, undefined, context);
    const text = JSON.stringify(resources);
    if (text !== told) yield { [field]: resources };
    told = text;
  }
}

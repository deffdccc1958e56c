import type { AnyKind } from '../../client/kind.ts';
import type { Resource } from '../../client/resource.types.ts';
import type { Datum } from '../../client/create-datum.ts';
import { CliError } from '../cli-error.ts';
import { kindNamed, type KnownKind } from '../kinds.ts';
import { defaultNamespace } from '../options.ts';

/** What the arguments of `get` and `watch` choose. */
export interface Chosen {
  readonly known: KnownKind;
  readonly resource: Resource<AnyKind>;
  readonly names: readonly string[];
  /** Undefined: all namespaces, or a kind of cluster scope. */
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
}

/** Reads `KIND`, `KIND NAME…` or `KIND/NAME`. Throws CliError for what is none of them. */
export async function choose(
  client: Datum,
  positionals: readonly string[],
  values: {
    readonly namespace?: string | undefined;
    readonly 'all-namespaces'?: boolean | undefined;
    readonly selector?: string | undefined;
    readonly 'field-selector'?: string | undefined;
  },
): Promise<Chosen> {
  const [first = '', ...more] = positionals;
  if (first === '') throw new CliError('which kind? Such as: datum get networks');
  const [kindName = '', name, ...rest] = first.split('/');
  if (rest.length > 0 || (name !== undefined && more.length > 0))
    throw new CliError(`${first} is not KIND or KIND/NAME`);
  const known = await kindNamed(client, kindName);
  const isAll = values['all-namespaces'] === true;
  return {
    known,
    resource: client.resource(known.kind),
    names: name === undefined ? more : [name],
    namespace: !known.kind.namespaced || isAll ? undefined : (values.namespace ?? defaultNamespace),
    labelSelector: values.selector,
    fieldSelector: values['field-selector'],
  };
}

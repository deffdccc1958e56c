import type { Kind } from '../kinds/kind.ts';
import type { ResourceAttributes } from './authorise.ts';

/** Which objects of a resource somebody is about. */
export interface Place {
  /** Empty or absent: all namespaces, or a resource of cluster scope. */
  readonly namespace?: string | undefined;
  /** Absent: all names. */
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** What somebody wants to do to objects of a kind, as access rules name it. */
export function wantedOf(
  { group, version, plural }: Pick<Kind, 'group' | 'version' | 'plural'>,
  verb: string,
  { namespace, name, subresource }: Place = {},
): ResourceAttributes {
  // A namespace is within itself, so that who has rights in it may see it.
  const within = plural === 'namespaces' && group === '' ? name : namespace;
  return {
    verb,
    group,
    version,
    resource: plural,
    ...(subresource === undefined ? {} : { subresource }),
    ...(within ? { namespace: within } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

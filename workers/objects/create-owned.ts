import type { KindTypes } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import type { NewObject, RequestContext, Store } from '../../store/types.ts';
import { hashedName, ownedName } from './owned-name.ts';
import { isControlledBy } from './owner.ts';

export interface OwnedObject<T> {
  readonly fullName: string;
  readonly owner: Resource;
  /** What to create, but for its name. */
  readonly object: NewObject;
  /** Whether an object of the owner is the one that is wanted. Default: always. */
  readonly isSame?: (object: T) => boolean;
}

/**
 * Creates an object for its owner under `fullName`, or under a name with a hash when that is too long or belongs to
 * another. An object of the same owner that `isSame` is the answer if it has the name already: it was made in between.
 */
export async function createOwned<K extends keyof KindTypes>(
  store: Store,
  context: RequestContext,
  kind: K,
  { fullName, owner, object, isSame = () => true }: OwnedObject<KindTypes[K]>,
): Promise<KindTypes[K]> {
  const { uid } = owner.metadata;
  const namespace = object.metadata.namespace ?? '';
  const names = [ownedName(fullName, uid), hashedName(fullName, uid)];
  for (const name of names) {
    try {
      const created = await store.create(context, kind, { ...object, metadata: { ...object.metadata, name } });
      return created.object as KindTypes[K];
    } catch (error) {
      if (!isStoreError(error, 'AlreadyExists')) throw error;
      const holder = (await store.get(context, kind, { namespace, name })) as KindTypes[K] | undefined;
      if (holder !== undefined && isControlledBy(holder, uid) && isSame(holder)) return holder;
    }
  }
  throw new Error(`${kind} ${namespace}/${fullName}: its name and the one beside it belong to others`);
}

import type { CloudResources } from '../../store/cloud-resources.types.ts';
import type { Store } from '../../store/types.ts';

/** A store and the rows of the cloud's objects. */
interface Writes {
  readonly store: Store;
  readonly cloudResources: CloudResources;
}

/**
 * The same, but now and then a write throws, before or after it was done: to whoever is at work it is as if the process died
 * there, since nothing of what it had in mind is left when its key is tried again. `isFatal` decides of each write.
 */
export function dying({ store, cloudResources }: Writes, isFatal: () => boolean, isDone: () => boolean): Writes {
  const risky =
    <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (!isFatal()) return write(...args);
      if (isDone()) await write(...args);
      throw new Error('the process died');
    };
  return {
    store: {
      ...store,
      create: risky(store.create) as Store['create'],
      update: risky(store.update) as Store['update'],
      delete: risky(store.delete) as Store['delete'],
    },
    cloudResources: {
      ...cloudResources,
      plan: risky(cloudResources.plan),
      record: risky(cloudResources.record),
      forget: risky(cloudResources.forget),
    },
  };
}

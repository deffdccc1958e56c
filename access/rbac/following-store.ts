import type { Store } from '../../store/types.ts';

/**
 * The store, with writes of some kinds answered only when they hold in this process: whoever was told of a binding may rely
 * on it with the next request.
 */
export function followingStore(store: Store, kinds: ReadonlySet<string>, catchUp: () => Promise<void>): Store {
  const followed =
    <A extends unknown[], R>(write: (context: A[0], kind: string, ...rest: A) => Promise<R>) =>
    async (context: A[0], kind: string, ...rest: A): Promise<R> => {
      const result = await write(context, kind, ...rest);
      // The write is done, whether its effect here can be waited for or not.
      if (kinds.has(kind)) await catchUp().catch(() => {});
      return result;
    };
  return {
    ...store,
    create: followed(store.create as never) as never,
    update: followed(store.update as never) as never,
    apply: followed(store.apply as never) as never,
    delete: followed(store.delete as never) as never,
  };
}

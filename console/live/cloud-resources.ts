import { type Datum, DatumError } from '../../sdk/main.ts';
import type { AnyKind, Kind } from '../../sdk/client/kind.ts';
import { type CloudResource, cloudResourceFields } from '../models/cloud-resource.ts';
import type { EntryHooks, EntryRun } from './live-entry.ts';

/** Of which object. */
export interface CloudQuery {
  readonly kind: Kind<AnyKind>;
  readonly namespace: string;
  readonly name: string;
  /** One of the same name that comes later is another. */
  readonly uid: string;
}

/** What was made in a cloud for an object. A new one after each change. */
export interface CloudView {
  readonly resources: readonly CloudResource[];
  readonly isSynced: boolean;
  readonly error?: DatumError | undefined;
}

/** Wait before a broken watch begins again, in ms. */
const againMs = 1_000;

/** What was made in a cloud for an object, as a subscription tells it: all of it after every change. */
export function cloudResources(
  client: Datum,
  { kind, namespace, name }: CloudQuery,
  { onStatus }: EntryHooks,
): EntryRun<CloudView> {
  const document = `subscription Cloud($namespace:String!$name:String!){resources:watch${kind.type}CloudResources(namespace:$namespace name:$name){${cloudResourceFields}}}`;
  let view: CloudView = { resources: [], isSynced: false };
  return {
    view: () => view,
    size: () => view.resources.length,
    async run(signal, tell) {
      for (;;) {
        try {
          const events = client.subscribe<{ resources: readonly CloudResource[] }>(
            document,
            { namespace, name },
            { signal },
          );
          for await (const { resources } of events) {
            view = { resources, isSynced: true };
            onStatus({ state: 'live', since: new Date() });
            tell();
          }
          // The object is gone, or the server goes: in both cases asking again tells.
        } catch (error) {
          if (signal.aborted || !(error instanceof DatumError)) throw error;
          // With the object goes what was made for it.
          if (error.code === 'NOT_FOUND') return onStatus(undefined);
          if (!error.retryable) throw error;
          onStatus({ state: 'reconnecting', since: new Date(), error });
        }
        await new Promise((resolve) => setTimeout(resolve, againMs));
        signal.throwIfAborted();
      }
    },
  };
}

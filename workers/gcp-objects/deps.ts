import type { CloudResources } from '../../store/cloud-resources.types.ts';
import type { Ipam } from '../../store/ipam/types.ts';
import type { Store } from '../../store/types.ts';
import type { GcpClient } from '../clouds/gcp/client.ts';
import type { RetryPolicy } from '../clouds/gcp/retry.ts';
import type { ReconcileKey } from '../runtime/controller.ts';

/** When versions of a secret that a newer one took the place of are disabled, and when destroyed. */
export interface SecretGrace {
  readonly disableAfterMs: number;
  readonly destroyAfterMs: number;
}

/** What the reconcilers of the GCP provider need. */
export interface GcpDeps {
  readonly store: Store;
  readonly ipam: Ipam;
  readonly cloudResources: CloudResources;
  readonly gcp: GcpClient;
  /** Wakes a controller for a key, as if the object had changed. */
  readonly enqueue: (controller: string, key: ReconcileKey) => void | Promise<void>;
  /** Class of the locations that this provider serves; empty: all. */
  readonly locationClass: string;
  /** How long to wait after failures. Default retryPolicy. */
  readonly retryPolicy?: RetryPolicy;
  /** Epoch ms. Default the machine's clock. */
  readonly now?: () => number;
  /** Default an hour and a day. */
  readonly secretGrace?: SecretGrace;
  /** Called when there is something new for the poller to follow, so that it need not be found. */
  readonly onRunning?: () => void;
}

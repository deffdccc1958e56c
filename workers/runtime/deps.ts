import type { Logger } from 'pino';
import type { Registry } from '../../kinds/registry.ts';
import type { Dependents } from '../../store/dependents.ts';
import type { Ipam } from '../../store/ipam/types.ts';
import type { Quotas } from '../../store/quota/quotas.ts';
import type { Store } from '../../store/types.ts';
import type { ReconcileKey } from './controller.ts';

/** Wakes a controller for a key, as if its object had changed. */
export type Enqueue = (controller: string, key: ReconcileKey) => Promise<void>;

/** What every reconciler may ask for. A reconciler names what it takes; a cloud provider extends this by its client. */
export interface WorkerDeps {
  readonly store: Store;
  readonly ipam: Ipam;
  readonly registry: Registry;
  readonly dependents: Dependents;
  readonly quotas: Quotas;
  /** Makes the namespaces and roles that every control plane has, where they are missing. */
  seedProject(controlPlane: string): Promise<void>;
  /** All control planes that hold something. */
  controlPlanes(): Promise<readonly string[]>;
  readonly enqueue: Enqueue;
  readonly logger: Logger;
}

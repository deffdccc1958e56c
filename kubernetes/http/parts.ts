import type { Authenticate } from '../../access/authenticate.ts';
import type { Store } from '../../store/types.ts';
import type { HealthCheck } from '../discovery/health.ts';
import type { ServedResources } from '../served/served-resources.ts';
import type { Gate } from './authorised.ts';

/** What requests are answered from. */
export interface Parts extends Gate {
  readonly authenticate: Authenticate;
  readonly store: Store;
  readonly served: ServedResources;
  readonly checks: readonly HealthCheck[];
}

import type { Authenticate } from '../../access/authenticate.ts';
import type { Authorise } from '../../access/authorise.ts';
import type { Store } from '../../store/types.ts';
import type { HealthCheck } from '../discovery/health.ts';
import type { ServedResources } from '../served/served-resources.ts';

/** What requests are answered from. */
export interface Parts {
  readonly authenticate: Authenticate;
  readonly authorise: Authorise;
  readonly store: Store;
  readonly served: ServedResources;
  readonly checks: readonly HealthCheck[];
}

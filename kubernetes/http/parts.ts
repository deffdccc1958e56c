import type { Authenticate } from '../../access/authenticate.ts';
import type { EnterProject } from '../../access/projects/projects.ts';
import type { ServiceAccountTokens } from '../../access/tokens/service-account-tokens.ts';
import type { ReadConsole } from '../../store/machine-console.ts';
import type { Store } from '../../store/types.ts';
import type { HealthCheck } from '../discovery/health.ts';
import type { ServedResources } from '../served/served-resources.ts';
import type { Gate } from './authorised.ts';
import type { Identification } from './identify.ts';

/** What requests are answered from. */
export interface Parts extends Gate, Identification {
  /** For tokens that are asked about. */
  readonly authenticate: Authenticate;
  readonly serviceAccounts: ServiceAccountTokens;
  readonly store: Store;
  /** Asks nobody whether they may. */
  readonly readConsole: ReadConsole;
  readonly enterProject: EnterProject;
  /** What is served in the root project. */
  readonly served: ServedResources;
  /** What is served in every other project. */
  readonly servedInProjects: ServedResources;
  readonly checks: readonly HealthCheck[];
}

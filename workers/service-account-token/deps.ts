import type { Resource } from '../../kinds/object.ts';
import type { Store } from '../../store/types.ts';

/** What filling token Secrets needs. */
export interface ServiceAccountTokenDeps {
  readonly store: Store;
  /** Signs the token that a Secret holds for an account. */
  readonly signKey: (project: string, account: Resource, secret: Resource) => Promise<string>;
  /** Certificate of the authority of the Kubernetes API, PEM; absent where this process does not know it. */
  readonly apiAuthority?: string;
}

import type { WatchTurns } from './limits/watch-turns.ts';
import type { Session } from './sessions/session.ts';

/** Who a request comes from, once that is proven. */
export interface Identity {
  /** Name by which changes are recorded: `admin`. */
  readonly user: string;
  /** Groups, as role bindings name them: `system:masters` may do all. */
  readonly groups: readonly string[];
  /** Project that the request works in. */
  readonly project: string;
  /** What stays the same when a name is given to somebody else; absent where the issuer says none. */
  readonly uid?: string;
  /** What else the issuer says, such as `scopes`; rules do not look at it, reviews and audit show it. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** Project that the credential belongs to and cannot leave, as a service account's; absent: known everywhere. */
  readonly boundTo?: string;
  /** When the credential ends, in ms since 1970; absent: never by itself. */
  readonly expiresAtMs?: number;
  /** How it was proven, for audit and revocation, never the secret: `token:ci`, `oidc:https://issuer`, `certificate`. */
  readonly credential?: string;
  /** Whom the credential is for, of those that were asked about; absent for one that is for no particular audience. */
  readonly audiences?: readonly string[];
  /** Tells connections that outlast a request when the credential is revoked; absent for one that cannot be. */
  readonly session?: Session;
  /** Who acts as this user. */
  readonly impersonator?: string;
}

/** How a request reached the product, for audit. */
export interface Origin {
  readonly door: 'graphql' | 'kubernetes';
  /** Address of the client as the connection shows it. */
  readonly address?: string;
  readonly userAgent?: string;
}

/** One request of somebody; the same object from the door to the store. */
export interface Caller {
  readonly identity: Identity;
  /** Finds the request in logs and audit. */
  readonly requestId: string;
  readonly origin?: Origin;
  /** `traceparent` of the request, where it is traced. */
  readonly trace?: string | undefined;
  /** How watches share what there is; absent: they take it. */
  readonly watchTurns?: WatchTurns | undefined;
}

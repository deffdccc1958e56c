import type { Resource } from '../../kinds/object.ts';
import { StoreError } from '../../store/errors.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { tokenIssuer } from './issue-token.ts';
import type { KeyRing } from './key-ring.ts';
import { type Discovery, discoveryOf } from './discovery.ts';

/** A wish for a token of a service account. */
export interface TokenWish {
  readonly namespace: string;
  readonly name: string;
  /** Whom it is for; none: the product itself. */
  readonly audiences: readonly string[];
  /** Seconds; those that are too long are shortened. Absent: an hour. */
  readonly expiresInSecs?: number;
  /** An object of the same namespace with which the token ends. */
  readonly bound?: {
    /** Id of the kind in the store. */
    readonly kind: string;
    readonly name: string;
    /** Absent: that of the object that is there. */
    readonly uid?: string;
  };
}

/** A token that was signed. */
export interface WishedToken {
  readonly token: string;
  readonly audiences: readonly string[];
  readonly expiresInSecs: number;
  readonly expiresAt: Date;
}

/** The tokens of service accounts. */
export interface ServiceAccountTokens {
  /**
   * Signs a short-lived token. Throws StoreError: NotFound where account or bound object is missing, Conflict where the bound
   * object has another uid. The lifetime is taken as it is, up to a year.
   */
  request(context: RequestContext, wish: TokenWish): Promise<WishedToken>;
  /** Signs a token without end for a Secret to hold; it counts while it stands there. */
  keyFor(project: string, account: Resource, secret: Resource): Promise<string>;
  /** What others need to verify these tokens. */
  readonly discovery: Discovery;
}

export const leastTokenSecs = 600;
const usualTokenSecs = 3600;
const mostTokenSecs = 365 * 24 * 3600;

export function serviceAccountTokens(options: {
  readonly keys: KeyRing;
  readonly issuer: string;
  readonly store: Pick<Store, 'get'>;
}): ServiceAccountTokens {
  const { keys, issuer, store } = options;
  const sign = tokenIssuer(keys, issuer);

  async function need(context: RequestContext, kind: string, namespace: string, name: string): Promise<Resource> {
    const found = (await store.get(context, kind, { namespace, name })) as Resource | undefined;
    if (found !== undefined && found.metadata.deletionTimestamp === undefined) return found;
    throw new StoreError('NotFound', `${kind} ${JSON.stringify(name)} not found`, { object: { kind, name } });
  }

  return {
    async request(context, { namespace, name, audiences, expiresInSecs = usualTokenSecs, bound }) {
      const account = await need(context, 'ServiceAccount', namespace, name);
      const object = bound && (await need(context, bound.kind, namespace, bound.name));
      if (bound?.uid !== undefined && bound.uid !== object?.metadata.uid) {
        throw new StoreError(
          'Conflict',
          `the UID in the bound object reference (${bound.uid}) does not match the UID in record`,
          {
            object: { kind: bound.kind, name: bound.name },
          },
        );
      }
      const lifeSecs = Math.min(expiresInSecs, mostTokenSecs);
      const forWhom = audiences.length === 0 ? [issuer] : audiences;
      const claims = {
        project: context.project,
        namespace,
        name,
        uid: account.metadata.uid,
        isKey: false,
        ...(bound === undefined || object === undefined
          ? {}
          : { bound: { kind: bound.kind, name: bound.name, uid: object.metadata.uid } }),
      };
      // Tokens tell time in whole seconds.
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + lifeSecs) * 1000);
      const token = await sign(claims, forWhom, expiresAt);
      return { token, expiresAt, audiences: forWhom, expiresInSecs: lifeSecs };
    },
    keyFor(project, { metadata: account }, { metadata: secret }) {
      return sign(
        {
          project,
          namespace: account.namespace ?? '',
          name: account.name,
          uid: account.uid,
          bound: { kind: 'Secret', name: secret.name, uid: secret.uid },
          isKey: true,
        },
        [issuer],
      );
    },
    discovery: discoveryOf(keys, issuer),
  };
}

import { isObject, ownValue } from '../../kinds/schema/json.ts';

/** An object to which a token is bound besides its account. */
export interface BoundObject {
  /** Id of the kind in the store. */
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** Which service account a token is of. */
export interface AccountClaims {
  readonly project: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly bound?: BoundObject;
  /** Whether the token is the content of the Secret to which it is bound, and counts as long as it stands there. */
  readonly isKey: boolean;
}

/** Kubernetes' claim, which clients read, and ours, which says the rest. */
const kubernetesClaim = 'kubernetes.io';
const ownClaim = 'datumapis.com';

/** Name of the user that a service account is. */
export function userOfAccount({ namespace, name }: Pick<AccountClaims, 'namespace' | 'name'>): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** Groups of a service account. */
export function groupsOfAccount({ namespace }: Pick<AccountClaims, 'namespace'>): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

/** What a token says of its account. */
export function claimsOfAccount(account: AccountClaims): Readonly<Record<string, unknown>> {
  const { project, namespace, name, uid, bound, isKey } = account;
  return {
    [kubernetesClaim]: {
      namespace,
      serviceaccount: { name, uid },
      ...(bound?.kind === 'Secret' ? { secret: { name: bound.name, uid: bound.uid } } : {}),
    },
    [ownClaim]: { project, ...(bound === undefined ? {} : { bound }), ...(isKey ? { key: true } : {}) },
  };
}

/** Reads what `claimsOfAccount` wrote; undefined where it is anything else. */
export function accountOfClaims(claims: Readonly<Record<string, unknown>>): AccountClaims | undefined {
  const theirs = claims[kubernetesClaim];
  const own = claims[ownClaim];
  const account = isObject(theirs) ? ownValue(theirs, 'serviceaccount') : undefined;
  if (!isObject(theirs) || !isObject(own) || !isObject(account)) return undefined;
  const sent = ownValue(own, 'bound');
  const bound = isObject(sent) ? boundOf(sent) : undefined;
  const found = {
    project: own['project'],
    namespace: theirs['namespace'],
    name: account['name'],
    uid: account['uid'],
  };
  if (!areTexts(found) || (sent !== undefined && bound === undefined)) return undefined;
  return { ...found, ...(bound === undefined ? {} : { bound }), isKey: own['key'] === true };
}

function boundOf({ kind, name, uid }: Readonly<Record<string, unknown>>): BoundObject | undefined {
  const bound = { kind, name, uid };
  return areTexts(bound) ? bound : undefined;
}

function areTexts<K extends string>(record: Readonly<Record<K, unknown>>): record is Readonly<Record<K, string>> {
  return Object.values(record).every((value) => typeof value === 'string' && value !== '');
}

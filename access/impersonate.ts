import { setOwn } from '../kinds/schema/json.ts';
import type { ResourceAttributes } from './authorise.ts';
import type { Identity } from './identity.ts';
import { groupsOfAccount } from './tokens/service-account-claims.ts';

/** As whom somebody wants to act. */
export interface Impersonation {
  /** Absent where parts of somebody are named, but nobody. */
  readonly user: string | undefined;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const prefix = 'impersonate-';
const extraPrefix = 'impersonate-extra-';

/** Reads headers, or what stands for them on a connection, names in any case; undefined where none of them is about it. */
export function readImpersonation(
  headers: Iterable<readonly [name: string, value: string]>,
): Impersonation | undefined {
  let user: string | undefined;
  let uid: string | undefined;
  const groups: string[] = [];
  const extra: Record<string, string[]> = {};
  let found = false;
  for (const [rawName, value] of headers) {
    const name = rawName.toLowerCase();
    if (!name.startsWith(prefix)) continue;
    // Whatever it is, it must not be ignored.
    found = true;
    if (name === 'impersonate-user') user = value;
    else if (name === 'impersonate-uid') uid = value;
    else if (name === 'impersonate-group') groups.push(value);
    else if (name.startsWith(extraPrefix)) {
      const key = decoded(name.slice(extraPrefix.length));
      setOwn(extra, key, [...(Object.hasOwn(extra, key) ? (extra[key] ?? []) : []), value]);
    }
  }
  return found ? { user: user || undefined, uid: uid || undefined, groups, extra } : undefined;
}

/** Keys are percent-encoded, since headers hold few characters; what cannot be decoded is taken as it is. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Whether all of it is text without control characters, as headers are. */
export function isReadable({ user = '', uid = '', groups, extra }: Impersonation): boolean {
  const texts = [user, uid, ...groups, ...Object.entries(extra).flat(2)];
  return texts.every((text) => !/\p{Cc}/u.test(text));
}

/** The rights that it takes, all of them. */
export function impersonationNeeds({ user = '', uid, groups, extra }: Impersonation): ResourceAttributes[] {
  const account = serviceAccountOf(user);
  const core = { verb: 'impersonate', group: '', version: 'v1' };
  const others = { verb: 'impersonate', group: 'authentication.k8s.io', version: 'v1' };
  return [
    account === undefined
      ? { ...core, resource: 'users', name: user }
      : { ...core, resource: 'serviceaccounts', ...account },
    ...groups.map((name) => ({ ...core, resource: 'groups', name })),
    ...(uid === undefined ? [] : [{ ...others, resource: 'uids', name: uid }]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((name) => ({ ...others, resource: 'userextras', subresource: key, name })),
    ),
  ];
}

/** Who somebody is while they act as that user: in the same project, for as long as their own credential holds. */
export function impersonated(by: Identity, { user = '', uid, groups, extra }: Impersonation): Identity {
  const { project, boundTo, expiresAtMs, session, credential } = by;
  return {
    user,
    groups: groupsOf(user, groups),
    project,
    impersonator: by.user,
    ...(uid === undefined ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
    ...(boundTo === undefined ? {} : { boundTo }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(session === undefined ? {} : { session }),
    ...(credential === undefined ? {} : { credential }),
  };
}

const anonymous = 'system:anonymous';

function groupsOf(user: string, groups: readonly string[]): string[] {
  const account = serviceAccountOf(user);
  const given = groups.length > 0 || account === undefined ? groups : groupsOfAccount(account);
  if (user === anonymous) return [...new Set([...given, 'system:unauthenticated'])];
  return [...new Set([...given, 'system:authenticated'])];
}

function serviceAccountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

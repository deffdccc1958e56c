import { useSyncExternalStore } from 'react';

/** A token that was pasted. */
interface TokenSession {
  readonly type: 'token';
  /** Changes when somebody signs in anew, and not when a token is renewed. */
  readonly id: string;
  readonly token: string;
}

/** A login by an OpenID provider. */
export interface LoginSession {
  readonly type: 'login';
  readonly id: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Which token proves to the product who one is. */
  readonly use: 'id_token' | 'access_token';
  readonly token: string;
  /** Tells the provider at the end whose session is over. */
  readonly idToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  /** When the token ends, in ms since 1970. */
  readonly expiresAtMs?: number | undefined;
}

/** Who is signed in. */
export type Session = TokenSession | LoginSession;

// Kept until the tab is closed, and for no other tab or origin: docs/decisions/2026-11-23-console-sign-in.md.
const tokenKey = 'datum-token';
const loginKey = 'datum-login';
const listeners = new Set<() => void>();
/** Why nobody is signed in any more, for the page that asks to. */
let notice: string | undefined;
/** What was read last: the same object until something changes, as React wants it. */
let last: { readonly text: string; readonly session: Session } | undefined;

/** Who is signed in; undefined when nobody is. */
export function currentSession(): Session | undefined {
  const token = sessionStorage.getItem(tokenKey);
  if (token !== null) return remembered(token, () => ({ type: 'token', id: token, token }));
  const login = sessionStorage.getItem(loginKey);
  return login === null ? undefined : remembered(login, () => JSON.parse(login) as LoginSession);
}

function remembered(text: string, read: () => Session): Session {
  if (last?.text !== text) last = { text, session: read() };
  return last.session;
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** Signs in with a token, which the caller has seen to be taken. */
export function signIn(token: string): void {
  notice = undefined;
  sessionStorage.removeItem(loginKey);
  sessionStorage.setItem(tokenKey, token);
  tell();
}

/** Keeps a login, new or renewed. */
export function keepLogin(session: LoginSession): void {
  notice = undefined;
  sessionStorage.removeItem(tokenKey);
  sessionStorage.setItem(loginKey, JSON.stringify(session));
  tell();
}

/** Forgets who is signed in. `why` is shown where one signs in again. */
export function forgetSession(why?: string): void {
  notice = why;
  sessionStorage.removeItem(tokenKey);
  sessionStorage.removeItem(loginKey);
  tell();
}

/** Why nobody is signed in any more. */
export function signOutNotice(): string | undefined {
  return notice;
}

/** Who is signed in. */
export function useSession(): Session | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, currentSession);
}

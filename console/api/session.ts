import { useSyncExternalStore } from 'react';

/** Where the token is kept: until the tab is closed, and for no other tab or origin. */
const key = 'datum-token';
const listeners = new Set<() => void>();
/** Why nobody is signed in any more, for the page that asks to. */
let notice: string | undefined;

/** The token that is signed in with; undefined when nobody is. */
function token(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined;
}

/** Signs in with a token, which the caller has seen to be taken. */
export function signIn(next: string): void {
  notice = undefined;
  sessionStorage.setItem(key, next);
  for (const listener of listeners) listener();
}

/** Forgets the token. `why` is shown where one signs in again. */
export function signOut(why?: string): void {
  notice = why;
  sessionStorage.removeItem(key);
  for (const listener of listeners) listener();
}

/** Why nobody is signed in any more. */
export function signOutNotice(): string | undefined {
  return notice;
}

/** The token that is signed in with. */
export function useToken(): string | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, token);
}

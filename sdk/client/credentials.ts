import { ConnectionError, DatumError } from './errors.ts';

/**
 * Gives the bearer token. `refresh` is true when the server no longer takes the one that was given last: then an answer
 * from a cache helps nobody. What it throws counts as passing, and is tried again like a broken connection; an
 * UnauthenticatedError ends the call instead.
 */
export type TokenProvider = (request: { readonly refresh: boolean }) => string | Promise<string>;

/** The token in use. */
export interface Credentials {
  /** The token; undefined for a client without one. */
  token(): Promise<string | undefined>;
  /** Asks for another than `refused`; false when there is none. Many that ask at once ask once. */
  refresh(refused: string | undefined): Promise<boolean>;
}

/** Remembers what the provider gives until it is refused. */
export function createCredentials(source: string | TokenProvider | undefined): Credentials {
  if (typeof source !== 'function') return { token: async () => source, refresh: async () => false };
  let current: Promise<string> | undefined;
  let known: string | undefined;
  const ask = (refresh: boolean): Promise<string> => {
    const asked = (async () => source({ refresh }))().then(
      (token) => (known = token),
      (error: unknown) => {
        // A provider that failed is asked again by the next call.
        if (current === asked) current = undefined;
        throw error instanceof DatumError ? error : new ConnectionError(`no token: ${String(error)}`, error);
      },
    );
    return (current = asked);
  };
  return {
    token: () => current ?? ask(false),
    async refresh(refused) {
      // Somebody else asked meanwhile: what is known or on its way is another one.
      if (current === undefined || known === refused) {
        known = undefined;
        await ask(true);
      } else await current;
      return known !== refused;
    },
  };
}

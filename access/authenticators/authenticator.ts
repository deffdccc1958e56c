import type { Proven } from '../sessions/session-pool.ts';

/** One way to prove who holds a token. */
export interface Authenticator {
  /** Proves it. Throws Refused for a token that proves nothing, any other error when it cannot be found out now. */
  prove(token: string, audiences: Audiences): Promise<Proven>;
}

/** Whom a token must be for: one of these. */
export type Audiences = readonly string[];

/** What of the audiences that are asked for a token is for, by its claim `aud`. */
export function audiencesOf(claimed: string | readonly string[] | undefined, asked: Audiences): readonly string[] {
  const named: readonly string[] = [claimed ?? []].flat();
  return asked.filter((each) => named.includes(each));
}

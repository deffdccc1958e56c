import type { Logger } from 'pino';
import type { AccessTokens } from '../../store/credentials/access-tokens.ts';

/** What is noted within that time is written at once, in ms. */
const gatherMs = 10_000;

/** Notes that a token is in use. */
export type NoteUse = (id: string) => void;

/** Writes which tokens are in use, now and then. It is for people who clean up, so the last seconds may be lost. */
export function noteUseIn(tokens: Pick<AccessTokens, 'used'>, log: Logger): NoteUse {
  const noted = new Set<string>();
  return (id) => {
    if (noted.size === 0) setTimeout(write, gatherMs).unref();
    noted.add(id);
  };

  function write(): void {
    const ids = [...noted];
    noted.clear();
    tokens.used(ids).catch((err: unknown) => log.warn({ err }, 'it could not be noted which tokens are in use'));
  }
}

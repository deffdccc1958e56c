import { UnauthenticatedError } from '../../sdk/main.ts';
import { currentSession, forgetSession, type Session } from './session.ts';

const endings = {
  token: 'Your token is not taken any more: it has expired or was taken back.',
  login: 'Your sign-in has ended. Sign in again to go on where you were.',
} satisfies Record<Session['type'], string>;

/**
 * Whose token is not taken any more has to sign in again. All that reads with a token is told so, one after the other: only
 * the first ends the session, and none ends one that somebody has begun meanwhile.
 */
export function leaveWhenUnknown({ id, type }: Session, error: unknown): void {
  if (error instanceof UnauthenticatedError && currentSession()?.id === id) forgetSession(endings[type]);
}

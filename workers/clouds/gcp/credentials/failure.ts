import { GcpError } from '../errors.ts';

/** Codes of failures to get a token; they say nothing of what was to be called with it. */
export const credentialCodes = { refused: 'credentialsRefused', unavailable: 'credentialsUnavailable' } as const;

/** A token that could not be had: for now, or until somebody changes something. `message` holds no token. */
export function credentialsFailed(how: keyof typeof credentialCodes, message: string): GcpError {
  return new GcpError({
    code: credentialCodes[how],
    class: how === 'refused' ? 'permission' : 'transient',
    message,
  });
}

import { impersonated, impersonationNeeds, readImpersonation } from '../../access/impersonate.ts';
import { forbiddenText } from '../../store/forbidden.ts';
import { badRequest } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';
import type { Gate } from './authorised.ts';
import type { Call } from './call.ts';

/**
 * Lets a caller that asks for it act as somebody else from now on. Throws 403 without the right to, 400 where it does not say
 * as whom; it is never ignored, since that would grant the wrong rights.
 */
export function actAs({ authority, onDenied }: Gate, call: Call, rawHeaders: readonly string[]): Call {
  const asked = readImpersonation(pairs(rawHeaders));
  if (asked === undefined) return call;
  if (asked.user === undefined) throw badRequest('requested to impersonate without impersonating a user');
  const { identity, origin } = call;
  for (const wanted of impersonationNeeds(asked)) {
    const { allowed, reason } = authority.authorise(identity, wanted);
    if (allowed) continue;
    onDenied?.(identity, wanted, origin);
    const { group, resource, name = '' } = wanted;
    throw new ApiError(403, 'Forbidden', forbiddenText({ ...wanted, user: identity.user, reason }), {
      details: { ...(group === '' ? {} : { group }), kind: resource, name },
    });
  }
  return Object.assign(call, { identity: impersonated(identity, asked) });
}

/** Headers as they came, since those that come several times must not be run together. */
function* pairs(rawHeaders: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    // Header values are bytes, which Node shows as Latin-1.
    if (/^impersonate-/i.test(name)) yield [name, Buffer.from(rawHeaders[at + 1] ?? '', 'latin1').toString('utf8')];
  }
}

import { actAsBy } from '../../access/act-as.ts';
import { readImpersonation } from '../../access/impersonate.ts';
import { fromBytes } from '../../access/impersonation-in.ts';
import { badRequest } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';
import type { Gate } from './authorised.ts';
import type { Call } from './call.ts';

/** Lets a caller that asks for it act as somebody else from now on. Throws 403 without the right to, 400 for no such wish. */
export function actAs({ authority, onDenied }: Gate, call: Call, rawHeaders: readonly string[]): Call {
  const asked = readImpersonation(pairs(rawHeaders));
  if (asked === undefined) return call;
  const acting = actAsBy(authority, onDenied)(call.identity, asked, call.origin, call.requestId);
  if ('identity' in acting) return Object.assign(call, acting);
  const { refused, wanted } = acting;
  if (wanted === undefined) throw badRequest(refused);
  const { group, resource, name = '' } = wanted;
  throw new ApiError(403, 'Forbidden', refused, {
    details: { ...(group === '' ? {} : { group }), kind: resource, name },
  });
}

/** Headers as they came, since those that come several times must not be run together. */
function* pairs(rawHeaders: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (/^impersonate-/i.test(name)) yield [name, fromBytes(rawHeaders[at + 1] ?? '')];
  }
}

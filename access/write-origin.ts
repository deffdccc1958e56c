import { originText, type WriteOrigin } from '../store/audit/write-origin.ts';
import type { Caller } from './identity.ts';

/** What audit keeps of who asks, and of what for, besides the user's name. */
export function originOfCaller(
  { identity, origin }: Omit<Caller, 'requestId'>,
  asked: Pick<WriteOrigin, 'verb' | 'subresource'> = {},
): WriteOrigin {
  const { uid, groups, credential, impersonator } = identity;
  return {
    door: origin?.door ?? 'internal',
    address: origin?.address,
    agent: origin?.userAgent,
    uid,
    groups,
    credential,
    impersonator,
    ...asked,
  };
}

/** The same as text, as the context of a write carries it. */
export function writeOrigin(
  caller: Omit<Caller, 'requestId'>,
  asked?: Pick<WriteOrigin, 'verb' | 'subresource'>,
): string {
  return originText(originOfCaller(caller, asked));
}

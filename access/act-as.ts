import { forbiddenText } from '../store/forbidden.ts';
import type { Authority, OnDenied, ResourceAttributes } from './authorise.ts';
import type { Identity, Origin } from './identity.ts';
import { impersonated, type Impersonation, impersonationNeeds, isReadable } from './impersonate.ts';

/** Who somebody is from now on, or why not; `wanted` is the right that is lacking, absent where the wish itself is none. */
export type Acting =
  | { readonly identity: Identity }
  | { readonly refused: string; readonly wanted?: ResourceAttributes | undefined };

/** Lets somebody act as somebody else, where they ask for it and may; it is never ignored, since that would grant the wrong rights. */
export type ActAs = (
  identity: Identity,
  asked: Impersonation | undefined,
  origin?: Origin,
  requestId?: string,
) => Acting;

/** Impersonation by the access rules of the identity's project. */
export function actAsBy(authority: Authority, onDenied?: OnDenied): ActAs {
  return (identity, asked, origin, requestId) => {
    if (asked === undefined) return { identity };
    if (asked.user === undefined) return { refused: 'requested to impersonate without impersonating a user' };
    if (!isReadable(asked)) return { refused: 'what is to be impersonated is no text that can be read' };
    for (const wanted of impersonationNeeds(asked)) {
      const { allowed, reason } = authority.authorise(identity, wanted);
      if (allowed) continue;
      onDenied?.(identity, wanted, origin, requestId);
      return { refused: forbiddenText({ ...wanted, user: identity.user, reason }), wanted };
    }
    return { identity: impersonated(identity, asked) };
  };
}

/** For those who know no rules: everybody is themselves. */
export const onlyThemselves: ActAs = (identity, asked) =>
  asked === undefined ? { identity } : { refused: 'nobody may act as somebody else here' };

import { badRequest } from '../status/refusals.ts';
import { specOf, textOf, textsOf } from './read-spec.ts';
import type { ReviewCall, Reviewed } from './review.ts';
import { userInfoOf } from './self-subject-review.ts';

/** Whose token is this, and which of the audiences that are asked for is it for? Without any it is asked for the product's own. */
export async function tokenReview({ served, object, authenticate }: ReviewCall): Promise<Reviewed> {
  const sent = specOf(served.kind, object);
  const token = textOf(sent, 'token');
  const audiences = textsOf(sent, 'audiences');
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const identity = await authenticate(`Bearer ${token}`, audiences.length === 0 ? undefined : audiences);
  return {
    spec: { token, ...(audiences.length === 0 ? {} : { audiences }) },
    status:
      identity === undefined
        ? { user: {}, error: 'invalid bearer token' }
        : {
            authenticated: true,
            user: userInfoOf(identity),
            ...(identity.audiences === undefined ? {} : { audiences: identity.audiences }),
          },
  };
}

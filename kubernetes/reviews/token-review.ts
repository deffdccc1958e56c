import type { Identity } from '../../access/identity.ts';
import { projectOf } from '../../store/control-plane.ts';
import { badRequest } from '../status/refusals.ts';
import { specOf, textOf, textsOf } from './read-spec.ts';
import type { ReviewCall, Reviewed } from './review.ts';
import { userInfoOf } from './self-subject-review.ts';

/** Whose token is this, and which of the audiences that are asked for is it for? Without any it is asked for the product's own. */
export async function tokenReview({ served, object, identity: asker, authenticate }: ReviewCall): Promise<Reviewed> {
  const sent = specOf(served.kind, object);
  const token = textOf(sent, 'token');
  const audiences = textsOf(sent, 'audiences');
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const found = await authenticate(`Bearer ${token}`, audiences.length === 0 ? undefined : audiences);
  const identity = found !== undefined && isKnownIn(asker.project, found) ? found : undefined;
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

/** Somebody of another project may have the name of somebody in this one, and is not taken for them. */
function isKnownIn(project: string, { boundTo }: Identity): boolean {
  return boundTo === undefined || boundTo === project || boundTo === projectOf(project);
}

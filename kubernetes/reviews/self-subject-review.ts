import type { Identity } from '../../access/identity.ts';
import type { ReviewCall, Reviewed } from './review.ts';

/** Who am I? */
export function selfSubjectReview({ identity }: ReviewCall): Promise<Reviewed> {
  return Promise.resolve({ status: { userInfo: userInfoOf(identity) } });
}

/** An identity in Kubernetes' words. */
export function userInfoOf({ user, uid, groups, extra }: Identity): object {
  return {
    username: user,
    ...(uid === undefined ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined ? {} : { extra }),
  };
}

import type { Activity } from '../../access/limits/limits.ts';
import type { Call } from './call.ts';
import type { Route } from './path.ts';
import { isTrue } from './verb.ts';

const reviewGroups = ['authentication.k8s.io', 'authorization.k8s.io'];

/** What a request is paid for as, before it is known whether anything is there. */
export function activityOf({ method, query }: Pick<Call, 'method' | 'query'>, route: Route): Activity {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
    return isTrue(query.get('watch')) ? 'watch' : 'read';
  return route.to === 'resource' && reviewGroups.includes(route.group) ? 'review' : 'write';
}

import { healthAnswer } from '../discovery/health.ts';
import { formOf } from '../form/negotiate.ts';
import type { Served } from '../served/served.ts';
import { badRequest, objectNotFound, pathNotFound } from '../status/refusals.ts';
import { rightsOf } from '../../access/rights.ts';
import { writeOrigin } from '../../access/write-origin.ts';
import { rootProject } from '../../store/control-plane.ts';
import { selectedName } from '../../store/field-selector.ts';
import { requireResource } from './authorised.ts';
import type { Answer, Call } from './call.ts';
import { documentAnswer, notAPath } from './documents.ts';
import { enter } from './enter.ts';
import { handlerOf } from './handlers.ts';
import { identify } from './identify.ts';
import { actAs } from './impersonation.ts';
import { originOf } from './origin.ts';
import type { Parts } from './parts.ts';
import { readPath, type Route } from './path.ts';
import { readProjectPath } from './project-path.ts';
import type { RawCall } from './raw-call.ts';
import { activityOf } from './activity.ts';
import type { Target } from './target.ts';
import type { Turn } from './turn.ts';
import { isTrue, verbOf } from './verb.ts';

/** Answers requests: who asks, what for, may they, and then the handler of the verb. */
export function createAnswer(parts: Parts): (raw: RawCall) => Promise<Answer> {
  // The root has kinds that no other project has.
  const elsewhere = { ...parts, served: parts.servedInProjects };
  return async (raw) => {
    const below = readProjectPath(raw.path);
    // Load balancers have no credentials; which projects there are is none of their business.
    const health = below === undefined ? healthAnswer(raw, parts.checks) : undefined;
    if (health !== undefined) return health;
    const identity = await identify(raw, parts);
    await raw.turn.enter(identity);
    // The same object: a copy would ask for what is made only when it is asked for.
    const caller = Object.assign(raw, { identity, origin: originOf(raw), prefix: below?.prefix ?? '' });
    if (below !== undefined) Object.assign(caller, { path: below.path });
    const acting = actAs(parts, enter(parts.enterProject, caller, below?.project), raw.rawHeaders);
    const call = acting.identity.impersonator === undefined ? acting : enter(parts.enterProject, acting, undefined);
    checkTimeout(call.query);
    const own = call.identity.project === rootProject ? parts : elsewhere;
    const route = readPath(call.path);
    raw.turn.pay(activityOf(call, route), Number(call.headers['content-length'] ?? 0));
    switch (route.to) {
      case 'document':
        return (below === undefined ? undefined : healthAnswer(call, parts.checks)) ?? documentAnswer(own, call);
      case 'nowhere':
        return noResource(route.group);
      case 'resource':
        return resourceAnswer(own, call, route, raw.turn);
    }
  };
}

async function resourceAnswer(
  parts: Parts,
  call: Call,
  route: Extract<Route, { to: 'resource' }>,
  turn: Turn,
): Promise<Answer> {
  const { group, version, plural, namespace, name } = route;
  const served = parts.served.find(group, version, plural);
  if (served === undefined || !fits(served, route)) return noResource(group);
  const subresource = served.subresources.find((one) => one.name === route.subresource);
  if (route.subresource !== undefined && subresource === undefined) {
    throw served.style === 'custom' ? objectNotFound(served, name ?? '') : pathNotFound();
  }
  const verb = verbOf(call.method, call.query, served, route);
  // Who may list one object by its name alone may do so.
  const selected = verb === 'list' || verb === 'watch' ? selectedName(call.query.get('fieldSelector')) : undefined;
  const asked = { verb, served, namespace, name: name ?? selected, subresource: route.subresource };
  const wanted = requireResource(parts, call, asked);
  // Before anything is written: a client that takes no form of ours is refused, not answered too late.
  // A log has but one form, whatever is asked for.
  if (subresource?.name !== 'log') formOf(call, served, { stream: verb === 'watch' });
  const { identity, requestId } = call;
  const target: Target = {
    served,
    namespace,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    wanted,
    store: parts.store,
    context: {
      project: identity.project,
      actor: identity.user,
      manager: identity.user,
      requestId,
      trace: call.trace,
      rights: rightsOf(parts.authority, identity),
      origin: () => writeOrigin(call, { verb, subresource: route.subresource }),
    },
  };
  const lasts = verb === 'watch' || (subresource?.name === 'log' && isTrue(call.query.get('follow')));
  if (!lasts) return handlerOf(target, verb)(call, target, parts);
  const watching: Target = { ...target, context: { ...target.context, inTurn: turn.watch() } };
  const answer = await handlerOf(target, verb)(call, watching, parts);
  turn.leave();
  return answer;
}

/** Whether the scope of a resource goes with its path. */
function fits(served: Served, { namespace, name }: Extract<Route, { to: 'resource' }>): boolean {
  if (!served.namespaced) return namespace === '';
  return namespace !== '' || name === undefined;
}

/** Core answers with a Status, other groups as a path that nobody serves. */
function noResource(group: string): Answer {
  if (group === '') throw pathNotFound();
  return notAPath;
}

/** `timeout` goes with any request and must be a duration, whatever it is used for. */
function checkTimeout(query: URLSearchParams): void {
  const timeout = query.get('timeout');
  if (
    timeout === null ||
    timeout === '' ||
    /^(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/.test(timeout) ||
    timeout === '0'
  )
    return;
  throw badRequest(`invalid timeout specified in the request URL - time: invalid duration ${JSON.stringify(timeout)}`);
}

import type { Registry } from '../kinds/registry.ts';
import type { Attempt } from '../store/audit/attempts.ts';
import { rootProject } from '../store/control-plane.ts';
import type { OnDenied } from './authorise.ts';
import type { Origin } from './identity.ts';
import { originOfCaller } from './write-origin.ts';

/** Tells audit of what was refused for want of a right. */
export function deniedTo(note: (denial: Attempt) => void, registry: Registry): OnDenied {
  return (identity, wanted, origin, requestId) => {
    const about =
      'path' in wanted
        ? { verb: wanted.verb, path: wanted.path }
        : {
            verb: wanted.verb,
            kind: registry.byGroupResource(wanted.group, wanted.resource)?.id,
            group: wanted.group,
            resource: wanted.resource,
            subresource: wanted.subresource,
            namespace: wanted.namespace,
            name: wanted.name,
          };
    const caller = { identity, ...(origin === undefined ? {} : { origin }) };
    note({ ...originOfCaller(caller), project: identity.project, user: identity.user, requestId, ...about });
  };
}

/** Told of every request of nobody: without a credential, or with one that is none. Neither waits nor throws. */
export type OnUnknown = (origin: Origin, requestId?: string) => void;

/** Tells audit of requests of nobody; they are in no project, and so are written down in the root. */
export function unknownTo(note: (denial: Attempt) => void): OnUnknown {
  return ({ door, address, userAgent: agent }, requestId) =>
    note({
      project: rootProject,
      door,
      address,
      agent,
      user: '',
      verb: 'authenticate',
      reason: 'there is no credential, or it is none',
      requestId,
    });
}

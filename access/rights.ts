import type { Right, Rights } from '../kinds/admit.ts';
import type { Authority, ResourceAttributes } from './authorise.ts';
import type { Identity } from './identity.ts';
import { uncovered } from './rbac/cover.ts';

/** What somebody may do besides a write, as admission asks for it. */
export function rightsOf(authority: Authority, identity: Identity): Rights {
  return {
    may: (right) => authority.authorise(identity, attributesOf(right)).allowed,
    lacks: (rules, namespace) => uncovered(authority.rulesFor(identity, namespace), rules),
  };
}

function attributesOf({ verb, group, resource: path, namespace, name }: Right): ResourceAttributes {
  const [resource = '', subresource] = path.split('/', 2);
  return {
    verb,
    group,
    version: '*',
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

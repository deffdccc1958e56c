import type { Authorise } from '../../access/authorise.ts';
import type { Served } from '../served/served.ts';
import { qualifiedResource } from '../served/served.ts';
import { resourceDetails } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';
import type { Call } from './call.ts';

/** What a request wants to do, as access rules name it. */
export interface Wanted {
  readonly verb: string;
  readonly served: Served;
  /** Empty for all namespaces and for cluster scope. */
  readonly namespace: string;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** Throws 403 in Kubernetes' words unless the caller may do this to a resource. */
export async function requireResource(authorise: Authorise, { identity }: Call, wanted: Wanted): Promise<void> {
  const { verb, served, namespace, name, subresource } = wanted;
  const { group, version, plural } = served;
  const { allowed, reason } = authorise(identity, {
    verb,
    group,
    version,
    resource: plural,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === '' ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  });
  if (allowed) return;
  const quoted = name === undefined || verb === 'create' ? '' : ` ${JSON.stringify(name)}`;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  throw new ApiError(
    403,
    'Forbidden',
    `${qualifiedResource(served)}${quoted} is forbidden: User ${JSON.stringify(identity.user)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}${reason && `: ${reason}`}`,
    { details: resourceDetails(served, verb === 'create' ? undefined : name) },
  );
}

/** Throws 403 unless the caller may do this to a path that is no resource. */
export async function requirePath(authorise: Authorise, { identity, method, path }: Call): Promise<void> {
  const verb = method.toLowerCase();
  const { allowed, reason } = authorise(identity, { verb, path });
  if (allowed) return;
  const text = `forbidden: User ${JSON.stringify(identity.user)} cannot ${verb} path ${JSON.stringify(path)}${reason && `: ${reason}`}`;
  throw new ApiError(403, 'Forbidden', text, { details: {} });
}

import type { Authority, OnDenied, ResourceAttributes, Wanted } from '../../access/authorise.ts';
import { wantedOf } from '../../access/wanted.ts';
import { forbiddenText } from '../../store/forbidden.ts';
import type { Served } from '../served/served.ts';
import { resourceDetails } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';
import type { Call } from './call.ts';

/** Who decides, and who is told of what was refused. */
export interface Gate {
  readonly authority: Authority;
  readonly onDenied?: OnDenied;
}

/** What a request wants to do, as access rules name it. */
export interface Asked {
  readonly verb: string;
  readonly served: Served;
  /** Empty for all namespaces and for cluster scope. */
  readonly namespace: string;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** What the caller wants to do to a resource, which it may. Throws 403 in Kubernetes' words where it may not. */
export function requireResource(gate: Gate, call: Call, asked: Asked): ResourceAttributes {
  const { verb, served, name } = asked;
  const wanted = wantedOf(served, verb, asked);
  const reason = refused(gate, call, wanted);
  if (reason === undefined) return wanted;
  throw new ApiError(403, 'Forbidden', forbiddenText({ ...wanted, user: call.identity.user, reason }), {
    details: resourceDetails(served, verb === 'create' ? undefined : name),
  });
}

/** Throws 403 unless the caller may do this to a path that is no resource. */
export function requirePath(gate: Gate, call: Call): void {
  const { identity, method, path } = call;
  const verb = method.toLowerCase();
  const reason = refused(gate, call, { verb, path });
  if (reason === undefined) return;
  const text = `forbidden: User ${JSON.stringify(identity.user)} cannot ${verb} path ${JSON.stringify(path)}${reason && `: ${reason}`}`;
  throw new ApiError(403, 'Forbidden', text, { details: {} });
}

/** Why a wish is refused, perhaps for no reason to speak of; undefined where it is not. */
function refused(
  { authority, onDenied }: Gate,
  { identity, origin, requestId }: Call,
  wanted: Wanted,
): string | undefined {
  const { allowed, reason } = authority.authorise(identity, wanted);
  if (allowed) return undefined;
  onDenied?.(identity, wanted, origin, requestId);
  return reason;
}

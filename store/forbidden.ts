import { StoreError } from './errors.ts';

/** A refused wish, as far as its refusal says it. */
export interface Refused {
  readonly user: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Absent: all namespaces, or a resource of cluster scope. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly reason?: string | undefined;
}

/** That somebody may not do something, in Kubernetes' words. Says nothing but what the caller said. */
export function forbiddenText(refused: Refused): string {
  const { user, verb, group, resource, subresource, namespace, name, reason } = refused;
  const about = `${resource}${group && `.${group}`}`;
  const quoted = name === undefined || verb === 'create' ? '' : ` ${JSON.stringify(name)}`;
  const whole = JSON.stringify(subresource === undefined ? resource : `${resource}/${subresource}`);
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${about}${quoted} is forbidden: User ${JSON.stringify(user)} cannot ${verb} resource ${whole} in API group ${JSON.stringify(group)} ${where}${reason ? `: ${reason}` : ''}`;
}

/** The same as a refusal of the store. */
export function forbidden(refused: Refused, kind: string): StoreError {
  return new StoreError('Forbidden', forbiddenText(refused), {
    object: { kind, ...(refused.name === undefined ? {} : { name: refused.name }) },
  });
}

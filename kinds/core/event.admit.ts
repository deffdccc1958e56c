import type { Event } from '../generated/types.ts';
import { invalid, type Problem } from '../problem.ts';
import { withoutEmpty } from './without-empty.ts';

/** Where events about objects without a namespace may be. */
const clusterEventNamespaces = ['default', 'kube-system'];

/** Leaves out what is empty. */
export function prepare(next: Event): Event {
  return withoutEmpty(next, [
    'reason',
    'message',
    'type',
    'count',
    'action',
    'source',
    'reportingComponent',
    'reportingInstance',
  ]);
}

/** An event is in the namespace of the object that it is about. */
export function admit(next: Event): Problem[] {
  const about = next.involvedObject.namespace ?? '';
  const own = next.metadata.namespace ?? '';
  if (about === '' ? clusterEventNamespaces.includes(own) : about === own) return [];
  return [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
}

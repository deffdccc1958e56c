import type { Event } from '../generated/types.ts';
import { qualifiedNameFault } from '../name-rules.ts';
import { invalid, required, type Problem } from '../problem.ts';
import { withoutEmpty } from './without-empty.ts';

/** Where events about objects without a namespace may be. */
const clusterEventNamespaces = ['default', 'kube-system'];

const maxTextCharacters = 128;
const maxMessageCharacters = 1024;

/** Leaves out what is empty. */
export function prepare(next: Event): Event {
  return withoutEmpty(next, [
    'reason',
    'message',
    'type',
    'count',
    'action',
    'reportingComponent',
    'reportingInstance',
  ]);
}

/** An event is in the namespace of the object that it is about. One with `eventTime` says who did what, and why. */
export function admit(next: Event): Problem[] {
  return [...namespaceProblems(next), ...(next.eventTime === undefined ? [] : occurrenceProblems(next))];
}

function namespaceProblems({ involvedObject, metadata }: Event): Problem[] {
  const about = involvedObject.namespace ?? '';
  const own = metadata.namespace ?? '';
  if (about === '' ? clusterEventNamespaces.includes(own) : about === own) return [];
  return [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
}

function occurrenceProblems(event: Event): Problem[] {
  const { reportingComponent, message = '' } = event;
  const fault = reportingComponent === undefined ? undefined : qualifiedNameFault(reportingComponent);
  return [
    ...(reportingComponent === undefined ? [required('reportingController')] : []),
    ...(fault === undefined ? [] : [invalid('reportingController', reportingComponent, fault)]),
    ...(['reportingInstance', 'action', 'reason'] as const).flatMap((field) => textProblems(field, event[field])),
    ...(message.length > maxMessageCharacters
      ? [invalid('message', '', `can have at most ${maxMessageCharacters} characters`)]
      : []),
  ];
}

function textProblems(field: string, text: string | undefined): Problem[] {
  if (text === undefined) return [required(field)];
  return text.length > maxTextCharacters
    ? [invalid(field, '', `can have at most ${maxTextCharacters} characters`)]
    : [];
}

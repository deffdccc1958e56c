import type { Event } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { invalid, required, type Problem } from '../../kinds/problem.ts';
import { jsonEqual } from '../../kinds/schema/json.ts';

const types: readonly unknown[] = ['Normal', 'Warning'];
const minSeriesCount = 2;

/** What only the core version may set, or may leave open. */
const coreOnly = ['firstTimestamp', 'lastTimestamp', 'count', 'source'] as const;

/** What of an event is fixed once it was made. */
const fixed = [
  'involvedObject',
  'reason',
  'message',
  'action',
  'type',
  'related',
  'reportingComponent',
  'reportingInstance',
  'eventTime',
] as const;

/** What events.k8s.io asks of an event beyond the core version; both states are as they are stored. */
export function eventProblems(next: Resource, current: Resource | undefined): Problem[] {
  const event = next as Event;
  return [...seriesProblems(event), ...(current === undefined ? newProblems(event) : changes(event, current as Event))];
}

function newProblems(event: Event): Problem[] {
  return [
    ...(event.eventTime === undefined ? [required('eventTime')] : []),
    ...(types.includes(event.type) ? [] : [invalid('type', '', `has invalid value: ${textOf(event.type)}`)]),
    ...coreOnly.filter((field) => isSet(event[field])).map((field) => invalid(field, '', 'needs to be unset')),
  ];
}

/** What is sent may be of any type. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== 0;
}

function changes(event: Event, current: Event): Problem[] {
  return fixed
    .filter((field) => !jsonEqual(event[field] ?? '', current[field] ?? ''))
    .map((field) => invalid(field, event[field] ?? '', 'field is immutable'));
}

function seriesProblems({ series }: Event): Problem[] {
  if (series === undefined || series === null) return [];
  return [
    ...((series.count ?? 0) < minSeriesCount
      ? [invalid('series.count', '', `should be at least ${minSeriesCount}`)]
      : []),
    ...(series.lastObservedTime === undefined ? [required('series.lastObservedTime')] : []),
  ];
}

import type { ApiSchema } from './api-schema.ts';

/** Names of an Event's fields in `events.k8s.io`, by those in the core group. */
const renamed: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  count: 'deprecatedCount',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
};

/** The core Event as `events.k8s.io` shows it. */
export function newEventSchema({ properties = {}, description = '' }: ApiSchema): ApiSchema {
  const entries = Object.entries(properties).map(([name, schema]) => [renamed[name] ?? name, schema] as const);
  return { type: 'object', description, properties: Object.fromEntries(entries), required: ['eventTime'] };
}

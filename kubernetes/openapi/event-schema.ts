import { newNames } from '../served/event-fields.ts';
import type { ApiSchema } from './api-schema.ts';

/** The core Event as `events.k8s.io` shows it. */
export function newEventSchema({ properties = {}, description = '' }: ApiSchema): ApiSchema {
  const entries = Object.entries(properties).map(([name, schema]) => [newNames.get(name) ?? name, schema] as const);
  return { type: 'object', description, properties: Object.fromEntries(entries), required: ['eventTime'] };
}

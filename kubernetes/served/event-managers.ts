import type { ManagedFieldsEntry, Resource } from '../../kinds/object.ts';
import { coreNames, newNames, renameKeys } from './event-fields.ts';

/** Version whose names differ from those that are stored. */
export const eventsVersion = 'events.k8s.io/v1';

/** The event with field names in its managed fields as each entry's own version has them. */
export function withShownManagers(event: Resource): Resource {
  return withManagers(event, newNames);
}

/** The event with field names in its managed fields as they are stored. */
export function withStoredManagers(event: Resource): Resource {
  return withManagers(event, coreNames);
}

function withManagers(event: Resource, names: ReadonlyMap<string, string>): Resource {
  const { managedFields } = event.metadata;
  if (!Array.isArray(managedFields) || !managedFields.some(isRenamed)) return event;
  return {
    ...event,
    metadata: {
      ...event.metadata,
      managedFields: managedFields.map((entry) =>
        isRenamed(entry) ? { ...entry, fieldsV1: renameKeys(entry.fieldsV1, names, 'f:') } : entry,
      ),
    },
  };
}

/** Clients may send managed fields of any shape. */
function isRenamed(entry: ManagedFieldsEntry | null | undefined): entry is ManagedFieldsEntry {
  return entry?.apiVersion === eventsVersion && typeof entry.fieldsV1 === 'object' && entry.fieldsV1 !== null;
}

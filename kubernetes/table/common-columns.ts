import type { TableColumn } from './column.ts';
import { age } from './age.ts';

// The two descriptions are part of the wire contract: they are what every Kubernetes server says of these columns.
const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const createdDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

/** The column that names the object. */
export const nameColumn: TableColumn = {
  definition: { name: 'Name', type: 'string', format: 'name', description: nameDescription, priority: 0 },
  // Bookmarks are objects without a name.
  cell: ({ metadata }) => metadata.name ?? '',
};

/** How old the object is. Built-in kinds call the type of this column a string, custom ones a date. */
export function ageColumn(type: 'string' | 'date'): TableColumn {
  return {
    definition: { name: 'Age', type, format: '', description: createdDescription, priority: 0 },
    cell: ({ metadata }, nowMs) => age(metadata.creationTimestamp, nowMs),
  };
}

/** When the object was made: for built-in kinds without columns of their own. */
export const createdAtColumn: TableColumn = {
  definition: { name: 'Created At', type: 'date', format: '', description: createdDescription, priority: 0 },
  cell: ({ metadata }) => metadata.creationTimestamp,
};

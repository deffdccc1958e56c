/** A parameter of an operation, as OpenAPI v3 writes it. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly description: string;
  readonly required?: true;
  readonly schema: { readonly type: 'string' | 'boolean' | 'integer'; readonly uniqueItems: true };
}

function query(name: string, type: Parameter['schema']['type'], description: string): Parameter {
  return { name, in: 'query', description, schema: { type, uniqueItems: true } };
}

function pathPart(name: string, description: string): Parameter {
  return { name, in: 'path', description, required: true, schema: { type: 'string', uniqueItems: true } };
}

export const pretty = query('pretty', 'string', 'Has no effect.');
export const namespacePart = pathPart('namespace', 'Namespace of the object.');
export const namePart = pathPart('name', 'Name of the object.');

const labelSelector = query('labelSelector', 'string', 'Objects with such labels: `tier=edge,env in (a, b)`.');
const fieldSelector = query('fieldSelector', 'string', 'Objects with such fields: `metadata.name=web`.');
const dryRun = query('dryRun', 'string', '`All`: do everything but keep nothing.');

/** Of get of a collection, be it list or watch. */
export const listParameters: readonly Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'The watch may have lines that only say how far it is.'),
  query('continue', 'string', 'Where the page starts.'),
  fieldSelector,
  labelSelector,
  query('limit', 'integer', 'Most objects of a page.'),
  query('resourceVersion', 'string', 'State to list, or to watch from.'),
  query('resourceVersionMatch', 'string', 'Exact or NotOlderThan: what `resourceVersion` means.'),
  query('sendInitialEvents', 'boolean', 'The watch begins with the present state.'),
  query('timeoutSeconds', 'integer', 'How long the watch lasts.'),
  query('watch', 'boolean', 'Changes as they come, instead of a list.'),
];

/** Of create and update. */
export const writeParameters: readonly Parameter[] = [
  dryRun,
  query('fieldManager', 'string', 'Who writes, for managed fields.'),
  query('fieldValidation', 'string', 'Ignore, Warn or Strict: what unknown and duplicate fields are.'),
];

export const patchParameters: readonly Parameter[] = [
  ...writeParameters,
  query('force', 'boolean', 'An apply takes fields over from others.'),
];

export const deleteParameters: readonly Parameter[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'How long the deletion may take.'),
  query('orphanDependents', 'boolean', 'Older form of `propagationPolicy=Orphan`.'),
  query('propagationPolicy', 'string', 'What happens to owned objects: Background, Foreground or Orphan.'),
];

/** Of delete of a collection. */
export const deleteCollectionParameters: readonly Parameter[] = [
  ...deleteParameters,
  ...listParameters.filter(({ name }) => name === 'continue' || name === 'limit' || name.startsWith('resourceVersion')),
  fieldSelector,
  labelSelector,
];

import type { Resource } from '../../kinds/object.ts';
import { fieldValue, parseFieldSelector } from '../../store/field-selector.ts';
import { labelsMatch, parseLabelSelector } from '../../store/label-selector.ts';
import type { Served } from '../served/served.ts';
import { fromStore } from '../status/from-store.ts';
import { badRequest } from '../status/refusals.ts';

/** Whether a definition belongs to what a query selects. Throws 400 for selectors that cannot be read or met. */
export function selectorOf(query: URLSearchParams, served: Served): (definition: Resource) => boolean {
  try {
    const labels = parseLabelSelector(query.get('labelSelector') ?? '');
    const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
    for (const { path } of fields) {
      if (path !== 'metadata.name') throw badRequest(`field label not supported: ${path}`);
    }
    return (definition) =>
      labels.every((requirement) => labelsMatch(definition.metadata.labels ?? {}, requirement)) &&
      fields.every(({ path, equal, value }) => (fieldValue(definition, path) === value) === equal);
  } catch (error) {
    throw fromStore(error, { served, namespace: '', name: '', verb: 'read' });
  }
}

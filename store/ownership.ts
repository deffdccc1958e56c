import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { ManagedFieldsEntry, Resource } from '../kinds/object.ts';
import { jsonEqual } from '../kinds/schema/json.ts';
import type { Entries, ManagerId } from './fields/managers.ts';
import { isEntryOf } from './fields/managers.ts';
import { shapeOf } from './fields/shape.ts';
import type { Ignored } from './fields/track.ts';
import type { RequestContext, UpdateOptions } from './types.ts';

type Subresource = UpdateOptions['subresource'] | UpdateOptions['managedAs'];

/** Parts of a kind, by id, that the control plane itself keeps and that nobody owns. */
const controlPlaneFields: Readonly<Record<string, Ignored>> = { Namespace: ['f:spec'] };

/** Under which name the fields of a write are owned. */
export function managerOf(
  kind: Kind,
  context: RequestContext,
  operation: ManagedFieldsEntry['operation'],
  subresource?: Subresource,
): ManagerId {
  return {
    manager: context.manager,
    operation,
    apiVersion: context.ownedAs ?? apiVersionOf(kind),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** Fields at the root that writes of one kind never own: status has a path of its own, which owns no content but it. */
export function ignoredBy(kind: Kind, subresource?: 'status'): Ignored {
  if (subresource === 'status')
    return [...shapeOf(kind).fields.values()]
      .map(({ element }) => element)
      .filter((element) => element !== 'f:status' && element !== 'f:metadata');
  return [...(kind.hasStatus ? ['f:status'] : []), ...(controlPlaneFields[kind.id] ?? [])];
}

/**
 * A new object as its writer sent it, with defaults: without what the store could add only once it had made up the name.
 */
export function asWritten(kind: Kind, object: Resource, nameIsGenerated: boolean): Resource {
  const { labels } = object.metadata;
  if (kind.id !== 'Namespace' || !nameIsGenerated || labels === undefined) return object;
  const { 'kubernetes.io/metadata.name': _, ...sent } = labels;
  const { labels: __, ...metadata } = object.metadata;
  return { ...object, metadata: Object.keys(sent).length === 0 ? metadata : { ...metadata, labels: sent } };
}

/** Whether two lists of entries say the same, times aside. */
export function sameEntries(a: Entries, b: Entries): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every((entry) => {
        const other = b.find((each) => isEntryOf(each, entry));
        return other !== undefined && jsonEqual(entry.fieldsV1, other.fieldsV1);
      }))
  );
}

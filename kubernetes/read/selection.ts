import { isStoreError } from '../../store/errors.ts';
import { type FieldRequirement, parseFieldSelector } from '../../store/field-selector.ts';
import type { Selection } from '../../store/types.ts';
import type { Target } from '../http/target.ts';
import type { Served } from '../served/served.ts';
import { badRequest } from '../status/refusals.ts';

/** Which objects of a collection a request is about, in the store's terms. */
export type ObjectSelection = Pick<Selection, 'namespace' | 'labelSelector' | 'fieldSelector'>;

/** The namespace and selectors of a request. Throws 400 for fields that cannot be selected by. */
export function selectionOf(
  query: URLSearchParams,
  { served, namespace }: Pick<Target, 'served' | 'namespace'>,
): ObjectSelection {
  const labelSelector = query.get('labelSelector');
  const fieldSelector = query.get('fieldSelector');
  return {
    ...(namespace === '' ? {} : { namespace }),
    ...(labelSelector ? { labelSelector } : {}),
    ...(fieldSelector ? { fieldSelector: storedFields(served, fieldSelector) } : {}),
  };
}

/** Whether a selection leaves out anything but other namespaces. */
export function isSelective({ labelSelector, fieldSelector }: ObjectSelection): boolean {
  return labelSelector !== undefined || fieldSelector !== undefined;
}

/** A field selector with the paths under which the fields are stored. */
function storedFields(served: Served, text: string): string {
  return requirementsOf(text)
    .map((requirement) => fieldText(requirement, storedPath(served, requirement.path)))
    .join(',');
}

function requirementsOf(text: string): FieldRequirement[] {
  try {
    return parseFieldSelector(text);
  } catch (error) {
    throw isStoreError(error) ? badRequest(error.message) : error;
  }
}

function storedPath(served: Served, path: string): string {
  const { view, stored } = served;
  const found = view?.selector === undefined ? path : view.selector(path);
  if (found !== undefined && stored?.selectable.includes(found)) return found;
  throw badRequest(unsupported(served, path));
}

/** Kinds of Kubernetes that select by their metadata alone say so; all others name the field. */
function unsupported({ style, stored }: Served, path: string): string {
  const metadataOnly = stored?.selectable.every((one) => one.startsWith('metadata.')) ?? true;
  return style === 'built-in' && metadataOnly
    ? `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${path}`;
}

function fieldText({ equal, value }: FieldRequirement, path: string): string {
  return `${path}${equal ? '=' : '!='}${value.replace(/[\\,=]/g, '\\$&')}`;
}

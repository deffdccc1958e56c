import type { Resource } from '../../kinds/object.ts';
import { groupVersion, type Served } from '../served/served.ts';
import type { Status } from '../status/status.ts';
import { partialMetadata } from '../table/partial-metadata.ts';
import type { Form } from './form.ts';
import { objectTable } from './object-table.ts';

/**
 * Under what the line of an event can be kept: two watchers with the same shape are sent the same line. Only tables tell
 * the first event of a stream from the others, and it carries their columns.
 */
export function watchShape(form: Form, served: Served, first: boolean): string {
  return `${groupVersion(served)} ${form.key}${first && form.as === 'table' ? ' first' : ''}`;
}

/** The line of one event of a watch, line end included. `first` says that it is the first line of its stream. */
export function renderWatchEvent(
  form: Form,
  served: Served,
  type: 'ADDED' | 'MODIFIED' | 'DELETED',
  object: Resource,
  first: boolean,
): string {
  return line(type, shaped(form, served, object, first));
}

/**
 * The line of a bookmark: everything up to `resourceVersion` was sent. `initialEnd` marks the one that ends the initial
 * state and tells clients how an empty list looks.
 */
export function renderBookmark(
  form: Form,
  served: Served,
  resourceVersion: string,
  { initialEnd, first }: { readonly initialEnd: boolean; readonly first: boolean },
): string {
  const annotations = {
    'k8s.io/initial-events-end': 'true',
    'kubernetes.io/initial-events-list-blueprint': blueprint(form, served),
  };
  const object = {
    kind: served.kind,
    apiVersion: groupVersion(served),
    metadata: {
      resourceVersion,
      ...(served.style === 'built-in' || form.as === 'metadata' ? { creationTimestamp: null } : {}),
      ...(initialEnd ? { annotations } : {}),
    },
  };
  // A bookmark is an object of which nothing but the revision is told.
  return line('BOOKMARK', shaped(form, served, object as unknown as Resource, first));
}

/** The line that ends a watch with a refusal; the same in every form. */
export function renderWatchError(status: Status): string {
  return line('ERROR', status);
}

function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function shaped(form: Form, served: Served, object: Resource, first: boolean): object {
  switch (form.as) {
    case 'object':
      return object;
    case 'metadata':
      return partialMetadata(object, form.version);
    case 'table':
      return objectTable(form, served, object, first);
    default:
      throw new Error(`No such form: ${String(form.as satisfies never)}`);
  }
}

/** The empty list that stands for all others of its kind, byte for byte as clients expect it. */
function blueprint({ as, version }: Form, served: Served): string {
  const list =
    as === 'metadata'
      ? typedList('PartialObjectMetadataList', `meta.k8s.io/${version}`)
      : served.style === 'built-in'
        ? typedList(served.listKind, groupVersion(served))
        : { apiVersion: groupVersion(served), items: [], kind: served.listKind };
  return Buffer.from(`${JSON.stringify(list)}\n`).toString('base64');
}

function typedList(kind: string, apiVersion: string): object {
  return { kind, apiVersion, metadata: {}, items: null };
}

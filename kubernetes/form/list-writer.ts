import type { Resource } from '../../kinds/object.ts';
import { encodeProtobuf } from '../protobuf/encode-protobuf.ts';
import { groupVersion, type Served } from '../served/served.ts';
import { partialMetadata } from '../table/partial-metadata.ts';
import { columnDefinitions, tableRow, type ListMeta } from '../table/table.ts';
import type { Form } from './form.ts';
import { yamlOf } from './yaml.ts';

/** Writes a list piece by piece, so that it need never be in memory as a whole. */
export interface ListWriter {
  /** What stands before the items. */
  open(): string;
  /** The next item, with what sets it apart from the one before. */
  item(object: Resource): string;
  /** What stands behind the items. Of a list in protobuf it is everything, since its length comes first. */
  close(listMeta: ListMeta): string | Buffer;
}

/** A writer of one list in this form. */
export function listWriter(form: Form, served: Served): ListWriter {
  const list = listOf(form, served);
  switch (form.media) {
    case 'json':
      return jsonWriter(list);
    case 'yaml':
      return yamlWriter(list);
    case 'protobuf':
      return protobufWriter(list);
    default:
      throw new Error(`No such encoding: ${String(form.media satisfies never)}`);
  }
}

/** A list but for its metadata and the values of its items. */
interface List {
  readonly head: object;
  readonly key: 'items' | 'rows';
  item(object: Resource): unknown;
}

function listOf({ as, version, include }: Form, served: Served): List {
  switch (as) {
    case 'object':
      return {
        head: { kind: served.listKind, apiVersion: groupVersion(served) },
        key: 'items',
        item: served.style === 'built-in' ? withoutType : (object) => object,
      };
    case 'metadata':
      return {
        head: { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${version}` },
        key: 'items',
        item: (object) => partialMetadata(object, version),
      };
    case 'table':
      return {
        head: {
          kind: 'Table',
          apiVersion: `meta.k8s.io/${version}`,
          columnDefinitions: columnDefinitions(served),
        },
        key: 'rows',
        item: (object) => tableRow(served, object, include, version),
      };
    default:
      throw new Error(`No such form: ${String(as satisfies never)}`);
  }
}

/** Items of built-in kinds do not say what they are; their list does. */
function withoutType({ apiVersion: _apiVersion, kind: _kind, ...rest }: Resource): object {
  return rest;
}

function jsonWriter({ head, key, item }: List): ListWriter {
  let separator = '';
  return {
    open: () => `${JSON.stringify(head).slice(0, -1)},"${key}":[`,
    item(object) {
      const text = separator + JSON.stringify(item(object));
      separator = ',';
      return text;
    },
    close: (listMeta) => `],"metadata":${JSON.stringify(listMeta)}}`,
  };
}

function yamlWriter({ head, key, item }: List): ListWriter {
  let any = false;
  return {
    open: () => yamlOf(head),
    item(object) {
      const start = any ? '' : `${key}:\n`;
      any = true;
      return start + yamlOf([item(object)]);
    },
    close: (metadata) => (any ? '' : `${key}: []\n`) + yamlOf({ metadata }),
  };
}

function protobufWriter({ head, key, item }: List): ListWriter {
  const items: unknown[] = [];
  return {
    open: () => '',
    item(object) {
      items.push(item(object));
      return '';
    },
    close: (metadata) => encodeProtobuf({ ...head, metadata, [key]: items }),
  };
}

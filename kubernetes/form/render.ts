import type { Resource } from '../../kinds/object.ts';
import { encodeProtobuf } from '../protobuf/encode-protobuf.ts';
import type { Served } from '../served/served.ts';
import type { Status } from '../status/status.ts';
import { partialMetadata } from '../table/partial-metadata.ts';
import type { ListMeta } from '../table/table.ts';
import { contentType, form, type Form, type Media } from './form.ts';
import { parseAccept } from './accept.ts';
import { listWriter } from './list-writer.ts';
import { objectTable } from './object-table.ts';
import { yamlOf } from './yaml.ts';

/** A whole answer of one object. */
export function renderObject(wanted: Form, served: Served, object: Resource): string | Buffer {
  switch (wanted.as) {
    case 'object':
      return encoded(wanted.media, object);
    case 'metadata':
      return encoded(wanted.media, partialMetadata(object, wanted.version));
    case 'table':
      return encoded(wanted.media, objectTable(wanted, served, object, true));
    default:
      throw new Error(`No such form: ${String(wanted.as satisfies never)}`);
  }
}

/** A whole list at once: for short ones. Long ones go through `listWriter`. */
export function renderList(
  wanted: Form,
  served: Served,
  items: readonly Resource[],
  listMeta: ListMeta,
): string | Buffer {
  const writer = listWriter(wanted, served);
  const parts = [writer.open(), ...items.map((item) => writer.item(item))];
  const end = writer.close(listMeta);
  return typeof end === 'string' ? parts.join('') + end : end;
}

/** A refusal, in the first encoding that the client takes; JSON where it takes none of ours. */
export function renderStatus(
  accept: string | undefined,
  status: Status,
): { readonly type: string; readonly body: string | Buffer } {
  const media = statusMedia(accept);
  return { type: contentType(form('object', media)), body: encoded(media, status) };
}

function statusMedia(accept = ''): Media {
  const items = parseAccept(accept);
  if (items.some(({ subtype }) => subtype === 'json' || subtype === '*')) return 'json';
  if (items.some(({ subtype }) => subtype === 'yaml')) return 'yaml';
  return items.some(({ subtype }) => subtype === 'vnd.kubernetes.protobuf') ? 'protobuf' : 'json';
}

function encoded(media: Media, value: object): string | Buffer {
  switch (media) {
    case 'json':
      return JSON.stringify(value);
    case 'yaml':
      return yamlOf(value);
    case 'protobuf':
      return encodeProtobuf(value);
    default:
      throw new Error(`No such encoding: ${String(media satisfies never)}`);
  }
}

import type { Stored } from '../../store/stored.ts';
import { type Form, plainJson } from '../form/form.ts';
import { listWriter } from '../form/list-writer.ts';
import { groupVersion, type Served } from '../served/served.ts';
import type { ListMeta } from '../table/table.ts';

/** Writes a list of stored objects piece by piece. */
export interface StoredListWriter {
  open(): string;
  /** The next items, with what sets them apart from those before. */
  items(items: readonly Stored[]): string;
  close(listMeta: ListMeta): string | Buffer;
}

/** A writer of one list in this form; nothing is parsed where the text of the objects is enough. */
export function storedListWriter(form: Form, served: Served): StoredListWriter {
  if (form === plainJson && served.view === undefined) return textWriter(served);
  const writer = listWriter(form, served);
  return {
    open: writer.open,
    items: (items) => items.map((one) => writer.item(served.view?.outward(one.object()) ?? one.object())).join(''),
    close: writer.close,
  };
}

function textWriter(served: Served): StoredListWriter {
  const head = JSON.stringify({ kind: served.listKind, apiVersion: groupVersion(served) }).slice(0, -1);
  // What a built-in kind's items are is said by the list alone.
  const text = served.style === 'built-in' ? (one: Stored) => one.textWithoutType() : (one: Stored) => one.text();
  let any = false;
  return {
    open: () => `${head},"items":[`,
    items(items) {
      const start = any && items.length > 0 ? ',' : '';
      any ||= items.length > 0;
      return start + items.map(text).join(',');
    },
    close: (listMeta) => `],"metadata":${JSON.stringify(listMeta)}}`,
  };
}

import type { Key } from '../../kinds/object.ts';
import type { BatchOptions } from '../../store/batches.ts';
import type { Page } from '../../store/page.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import type { Answer, Call, Output } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { ApiError } from '../status/status.ts';
import type { ListMeta } from '../table/table.ts';
import { startReading } from './batches.ts';
import { continueToken, readContinueToken } from './continue-token.ts';
import { type ListOptions, listOptions } from './list-options.ts';
import { futureRevision } from './revision.ts';
import { isSelective, type ObjectSelection, selectionOf } from './selection.ts';
import { type StoredListWriter, storedListWriter } from './stored-list.ts';

/** GET of a collection: whole, or by pages that all show the revision of the first. */
export async function listObjects(call: Call, target: Target): Promise<Answer> {
  const form = formOf(call, target.served);
  const options = listOptions(call.query);
  const selection = selectionOf(call.query, target);
  const wanted = wantedOf(options, selection, target);
  const { first: page, rest } = await startReading(target, { ...selection, ...wanted.read }).catch((error: unknown) =>
    Promise.reject(expired(error, wanted, target, selection)),
  );
  if (options.revision !== undefined && options.revision > page.newest)
    throw futureRevision(options.revision, page.newest);

  const writer = storedListWriter(form, target.served);
  let last = page;
  let remaining = page.remaining ?? (wanted.remaining === undefined ? undefined : wanted.remaining - page.items.length);
  const meta = (): ListMeta => {
    const more = last.hasMore
      ? { at: page.revision, after: last.last as Key, ...(remaining === undefined ? {} : { remaining }) }
      : undefined;
    return {
      resourceVersion: String(page.revision),
      ...(more === undefined ? {} : { continue: continueToken(target, selection, more) }),
      ...(more?.remaining === undefined ? {} : { remainingItemCount: Math.max(0, more.remaining) }),
    };
  };
  const status = 200;
  const type = contentType(form);
  const isWhole = !page.hasMore || page.items.length === wanted.read.limit;
  if (isWhole) return { status, type, body: inOne(writer, page, meta()) };
  return {
    status,
    type,
    async body(out) {
      await send(out, writer.open() + writer.items(page.items));
      for await (const next of rest) {
        if (out.gone()) return;
        last = next;
        if (remaining !== undefined) remaining -= next.items.length;
        await send(out, writer.items(next.items));
      }
      await send(out, writer.close(meta()));
    },
  };
}

/** What a request asks for in the end. */
interface Wanted {
  readonly read: BatchOptions;
  readonly remaining?: number;
}

function wantedOf(options: ListOptions, selection: ObjectSelection, target: Target): Wanted {
  const { limit, revision, exact } = options;
  const read = limit === undefined ? {} : { limit };
  if (options.continue === undefined) {
    const count = limit !== undefined && !isSelective(selection);
    return { read: { ...read, count, ...(exact && revision !== undefined ? { at: revision } : {}) } };
  }
  const { at, after, remaining } = readContinueToken(target, selection, options.continue);
  return {
    read: { ...read, after, ...(at === undefined ? {} : { at }) },
    ...(remaining === undefined ? {} : { remaining }),
  };
}

function inOne(writer: StoredListWriter, page: Page, meta: ListMeta): string | Buffer {
  const items = writer.open() + writer.items(page.items);
  const end = writer.close(meta);
  return typeof end === 'string' ? items + end : end;
}

async function send(out: Output, text: string | Buffer): Promise<void> {
  if (text.length > 0 && !out.write(text)) await out.drained();
}

/** A list that can no longer go on at its revision is told how it can go on without. */
function expired(error: unknown, { read }: Wanted, target: Target, selection: ObjectSelection): unknown {
  if (!(error instanceof ApiError) || error.status.reason !== 'Expired') return error;
  if (read.after === undefined) {
    return new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
  }
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'it, or go on with the continue token of this answer. What follows then is a newer state than the first pages, so ' +
    'objects that were created, changed or deleted in between may be missing, or not belong to it.';
  return new ApiError(410, 'Expired', message, {
    continue: continueToken(target, selection, { at: undefined, after: read.after }),
  });
}

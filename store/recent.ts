import type { Kind } from '../kinds/kind.ts';
import type { Key, Resource } from '../kinds/object.ts';
import { decode } from './codec.ts';
import type { StoreCore } from './context.ts';
import { isStoreError } from './errors.ts';
import { fromPostgres } from './pg-errors.ts';
import type { ObjectRow } from './read.ts';
import type { RequestContext, WriteResult } from './types.ts';

/** Rows that this process wrote lately, as they are stored: who writes an object often writes it again. */
export interface Recent {
  get(place: string): ObjectRow | undefined;
  note(place: string, row: ObjectRow): void;
  forget(place: string): void;
}

/** A byte or two each; about as many objects as 1 kB. */
const maxCharacters = 16 * 1024 * 1024;

/** Keeps the last rows, up to a size. */
export function createRecent(): Recent {
  const rows = new Map<string, ObjectRow>();
  let characters = 0;

  function forget(place: string): void {
    const row = rows.get(place);
    if (row === undefined) return;
    rows.delete(place);
    characters -= row.object.length;
  }

  return {
    get: (place) => rows.get(place),
    note(place, row) {
      forget(place);
      rows.set(place, row);
      characters += row.object.length;
      // A map keeps the order in which its keys came: the first is the oldest.
      for (const [oldest] of rows) {
        if (characters <= maxCharacters) break;
        forget(oldest);
      }
    },
    forget,
  };
}

/** Where the row of an object is remembered. */
export function placeOf({ project }: RequestContext, kind: Kind, { namespace, name }: Key): string {
  return `${project}/${kind.id}/${namespace}/${name}`;
}

/**
 * Writes from the state that is remembered, without reading it. What comes of it counts only where it was written, since
 * then the state was the newest: anything else, refusals too, may be so because it is old. Answers undefined then.
 */
export async function writeFromRecent<T extends WriteResult<Resource>>(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  key: Key,
  write: (current: Resource) => Promise<T | undefined>,
): Promise<T | undefined> {
  const row = core.recent.get(placeOf(context, kind, key));
  if (row === undefined) return undefined;
  try {
    const at = { project: context.project, namespace: key.namespace, name: key.name };
    const written = await write(decode(kind, row.object, row.revision, core.box, at));
    return written?.changed ? written : undefined;
  } catch (error) {
    // It may have been written; to do it again is for the caller to decide.
    if (isStoreError(fromPostgres(error), 'Unavailable')) throw error;
    return undefined;
  }
}

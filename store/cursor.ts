import { createHash } from 'node:crypto';
import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { StoreError } from './errors.ts';
import type { ListOptions, Order, RequestContext } from './types.ts';

/** Where an item stands in its list: creation time (only for orders by it), namespace, name. */
export interface Position {
  readonly created: string;
  readonly namespace: string;
  readonly name: string;
}

/** Hash of what makes a list the same list; a cursor of another one is refused. */
function listHash(context: RequestContext, kind: Kind, options: ListOptions): string {
  const { namespace, labelSelector, fieldSelector, owner, refersTo, order, text: wanted } = options;
  const text = JSON.stringify([
    context.project,
    kind.id,
    namespace,
    labelSelector,
    fieldSelector,
    owner,
    refersTo,
    order ?? 'name',
    ...(wanted === undefined ? [] : [wanted]),
  ]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** Makes the cursors of one list. */
export function cursorMaker(context: RequestContext, kind: Kind, options: ListOptions): (object: Resource) => string {
  const hash = listHash(context, kind, options);
  return ({ metadata }) =>
    Buffer.from(JSON.stringify([hash, metadata.creationTimestamp, metadata.namespace ?? '', metadata.name])).toString(
      'base64url',
    );
}

/** Position of a cursor. Throws InvalidToken for one that is malformed or of another list. */
export function readCursor(context: RequestContext, kind: Kind, options: ListOptions, cursor: string): Position {
  const parts = parse(cursor);
  if (
    !Array.isArray(parts) ||
    parts.length !== 4 ||
    parts.some((part) => typeof part !== 'string') ||
    parts[0] !== listHash(context, kind, options)
  ) {
    throw new StoreError('InvalidToken', 'the cursor does not belong to this list');
  }
  const [, created, namespace, name] = parts as [string, string, string, string];
  if (Number.isNaN(Date.parse(created)))
    throw new StoreError('InvalidToken', 'the cursor does not belong to this list');
  return { created, namespace, name };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

const byName = ['namespace', 'name'] as const;
const byCreation = ['created_at', 'namespace', 'name'] as const;

/** Columns and direction of an order. */
export function orderOf(order: Order): { readonly columns: readonly string[]; readonly descending: boolean } {
  return { columns: order.endsWith('created') ? byCreation : byName, descending: order.startsWith('-') };
}

import type { PoolClient } from 'pg';
import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { encode } from './codec.ts';
import type { StoreCore } from './context.ts';
import { StoreError } from './errors.ts';
import { referencesOf } from './references.ts';
import { fieldValue } from './selectors.ts';
import type { RequestContext, Revision } from './types.ts';

/** Largest stored object in bytes of JSON. */
export const maxObjectBytes = 1.5 * 1024 * 1024;

/** Idempotency of a create: the caller's key and the hash of its input. */
export interface Idempotency {
  readonly key: string;
  readonly inputHash: Buffer;
}

/** Runs one write function; a dry run rolls it back. The answer is safe on disk. */
async function call(core: StoreCore, dryRun: boolean, name: string, casts: readonly string[], values: unknown[]): Promise<bigint> {
  const text = `select ${name}(${casts.map((cast, index) => `$${index + 1}::${cast}`).join(', ')}) as result`;
  if (dryRun) return rolledBack(core, (client) => client.query<{ result: string }>({ name, text, values }));
  const { rows } = await core.pool.query<{ result: string }>({ name, text, values });
  const result = BigInt(rows[0]?.result ?? 0);
  if (result > 0n) {
    await core.flush();
    core.log.wake();
  }
  return result;
}

async function rolledBack(core: StoreCore, run: (client: PoolClient) => Promise<{ rows: { result: string }[] }>): Promise<bigint> {
  const client = await core.pool.connect();
  try {
    await client.query('begin');
    const { rows } = await run(client);
    return BigInt(rows[0]?.result ?? 0);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}

function columnsOf(core: StoreCore, kind: Kind, object: Resource): { labels: string; owners: string[]; refs: string[]; text: string } {
  const text = encode(kind, object, core.box);
  if (Buffer.byteLength(text) > maxObjectBytes) {
    throw new StoreError('TooLarge', `the object has ${Buffer.byteLength(text)} bytes as JSON; the limit is ${maxObjectBytes}`, {
      object: { kind: kind.id, name: object.metadata.name },
    });
  }
  return {
    labels: JSON.stringify(object.metadata.labels ?? {}),
    owners: (object.metadata.ownerReferences ?? []).map(({ uid }) => uid),
    refs: referencesOf(kind, object),
    text,
  };
}

const createCasts = ['text', 'text', 'text', 'text', 'uuid', 'timestamptz', 'jsonb', 'uuid[]', 'text[]', 'json', 'text', 'text', 'text', 'text', 'bytea'];

/** Outcome of an insert: its revision, or why not. */
export type Inserted = Revision | 'exists' | 'replayed';

/** Inserts an object with its change. Throws for a missing or terminating namespace and a reused idempotency key. */
export async function insert(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  object: Resource,
  options: { readonly dryRun: boolean; readonly idempotency?: Idempotency | undefined },
): Promise<Inserted> {
  const { metadata } = object;
  const namespace = metadata.namespace ?? '';
  const columns = columnsOf(core, kind, object);
  const result = await call(core, options.dryRun, 'datum_create', createCasts, [
    context.project,
    kind.id,
    namespace,
    metadata.name,
    metadata.uid,
    metadata.creationTimestamp,
    columns.labels,
    columns.owners,
    columns.refs,
    columns.text,
    context.actor,
    context.manager,
    context.requestId ?? null,
    options.idempotency?.key ?? null,
    options.idempotency?.inputHash ?? null,
  ]);
  if (result > 0n) return result;
  const about = { object: { kind: kind.id, name: metadata.name } };
  switch (result) {
    case -1n:
      return 'exists';
    case -2n:
      throw new StoreError('NotFound', `namespaces "${namespace}" not found`, { object: { kind: 'Namespace', name: namespace } });
    case -3n:
      throw new StoreError('NamespaceTerminating', `unable to create new content in namespace ${namespace} because it is being terminated`, about);
    case -4n:
      return 'replayed';
    default:
      throw new StoreError('IdempotencyMismatch', 'the idempotency key was used with another input within the last 24 hours', about);
  }
}

const updateCasts = ['text', 'text', 'text', 'text', 'uuid', 'bigint', 'boolean', 'boolean', 'jsonb', 'uuid[]', 'text[]', 'json', 'json', 'text', 'text', 'text'];

/**
 * Replaces the object that was read as `previous`, or removes it, with its change. Answers undefined when another write
 * came first or it is gone.
 */
export async function replace(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  next: Resource,
  previous: Resource,
  options: { readonly dryRun: boolean; readonly remove: boolean },
): Promise<Revision | undefined> {
  const { metadata } = next;
  const columns = columnsOf(core, kind, next);
  const result = await call(core, options.dryRun, 'datum_update', updateCasts, [
    context.project,
    kind.id,
    metadata.namespace ?? '',
    metadata.name,
    metadata.uid,
    previous.metadata.resourceVersion,
    options.remove,
    metadata.deletionTimestamp !== undefined,
    columns.labels,
    columns.owners,
    columns.refs,
    columns.text,
    selectorsMayDiffer(kind, next, previous) ? encode(kind, previous, core.box) : null,
    context.actor,
    context.manager,
    context.requestId ?? null,
  ]);
  return result > 0n ? result : undefined;
}

/** Whether a watcher's selector could tell the two states apart; only then the log keeps the state before. */
function selectorsMayDiffer(kind: Kind, next: Resource, previous: Resource): boolean {
  return (
    JSON.stringify(next.metadata.labels) !== JSON.stringify(previous.metadata.labels) ||
    JSON.stringify(next.metadata.ownerReferences) !== JSON.stringify(previous.metadata.ownerReferences) ||
    kind.selectable.some((path) => fieldValue(next, path) !== fieldValue(previous, path)) ||
    String(referencesOf(kind, next)) !== String(referencesOf(kind, previous))
  );
}

import type { Kind } from '../kinds/kind.ts';
import { keyOf, type Resource } from '../kinds/object.ts';
import { jsonEqual } from '../kinds/schema/json.ts';
import { encode } from './codec.ts';
import type { StoreCore } from './context.ts';
import { StoreError } from './errors.ts';
import { fieldValue } from './field-selector.ts';
import { withinLimits } from './quota/within-limits.ts';
import { placeOf } from './recent.ts';
import { referencesOf } from './references.ts';
import { splicedText } from './stored.ts';
import { beginWrite, endWith, originText } from './traced-write.ts';
import type { RequestContext } from './types.ts';

/** Largest stored object in bytes of JSON. */
const maxObjectBytes = 1.5 * 1024 * 1024;
/** Of UTF-8 for a unit of UTF-16. */
const maxBytesPerUnit = 3;

/** Idempotency of a create: the caller's key and the hash of its input. */
export interface Idempotency {
  readonly key: string;
  readonly inputHash: Buffer;
}

/** Postgres' text form of a list of texts. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function columnsOf(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  object: Resource,
): { labels: string; owners: string; refs: string; text: string } {
  const text = encode(kind, object, core.box, context.project);
  if (text.length > maxObjectBytes / maxBytesPerUnit && Buffer.byteLength(text) > maxObjectBytes) {
    throw new StoreError(
      'TooLarge',
      `the object has ${Buffer.byteLength(text)} bytes as JSON; the limit is ${maxObjectBytes}`,
      {
        object: { kind: kind.id, name: object.metadata.name },
      },
    );
  }
  return {
    labels: JSON.stringify(object.metadata.labels ?? {}),
    owners: arrayLiteral((object.metadata.ownerReferences ?? []).map(({ uid }) => uid)),
    refs: arrayLiteral(referencesOf(kind, object)),
    text,
  };
}

/** What was written. */
export interface Written {
  /** Empty for a dry run, which has none. */
  readonly revision: string;
  /** The object as JSON text, where what is stored is what is shown. */
  readonly text?: string;
}

/** Outcome of an insert: what was written, or why not. */
export type Inserted = Written | 'exists' | 'replayed';

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
  const columns = columnsOf(core, context, kind, object);
  const span = options.dryRun ? undefined : beginWrite(context, 'create', kind, object);
  const row = [
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
    originText(context, span),
    options.idempotency?.key ?? null,
    options.idempotency === undefined ? null : `\\x${options.idempotency.inputHash.toString('hex')}`,
  ];
  const writing = withinLimits(core, { project: context.project, kind, after: object }, (limits) =>
    core.write('create', options.dryRun, [...row, ...limits]),
  );
  const result = await (span === undefined ? writing : endWith(span, writing));
  if (result > 0n) return written(core, context, kind, object, columns.text, { ...options, revision: result });
  const about = { object: { kind: kind.id, name: metadata.name } };
  switch (result) {
    case -1n:
      return 'exists';
    case -2n:
      throw new StoreError('NotFound', `namespaces "${namespace}" not found`, {
        object: { kind: 'Namespace', name: namespace },
      });
    case -3n:
      throw new StoreError(
        'NamespaceTerminating',
        `unable to create new content in namespace ${namespace} because it is being terminated`,
        about,
      );
    case -4n:
      return 'replayed';
    default:
      throw new StoreError(
        'IdempotencyMismatch',
        'the idempotency key was used with another input within the last 24 hours',
        about,
      );
  }
}

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
): Promise<Written | undefined> {
  const { metadata } = next;
  const columns = columnsOf(core, context, kind, next);
  const span = options.dryRun ? undefined : beginWrite(context, options.remove ? 'remove' : 'update', kind, next);
  const row = [
    context.project,
    kind.id,
    metadata.namespace ?? '',
    metadata.name,
    metadata.uid,
    previous.metadata.resourceVersion,
    String(options.remove),
    String(metadata.deletionTimestamp !== undefined),
    columns.labels,
    columns.owners,
    columns.refs,
    columns.text,
    String(selectorsMayDiffer(kind, next, previous)),
    context.actor,
    context.manager,
    context.requestId ?? null,
    originText(context, span),
  ];
  const change = { project: context.project, kind, before: previous, after: options.remove ? undefined : next };
  const writing = withinLimits(core, change, (limits) => core.write('update', options.dryRun, [...row, ...limits]));
  const result = await (span === undefined ? writing : endWith(span, writing));
  if (result > 0n) return written(core, context, kind, next, columns.text, { ...options, revision: result });
  core.recent.forget(placeOf(context, kind, keyOf(next)));
  return undefined;
}

/** Remembers what was written. */
function written(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  object: Resource,
  sealed: string,
  {
    revision,
    dryRun,
    remove = false,
  }: { readonly revision: bigint; readonly dryRun: boolean; readonly remove?: boolean },
): Written {
  if (dryRun) return { revision: '' };
  const place = placeOf(context, kind, keyOf(object));
  const row = { revision: String(revision), object: sealed };
  if (remove) core.recent.forget(place);
  else core.recent.note(place, row);
  const text = splicedText(kind, row);
  return { revision: row.revision, ...(text === undefined ? {} : { text }) };
}

/** Selectable of every kind, and the same as long as an object lives. */
const names: ReadonlySet<string> = new Set(['metadata.name', 'metadata.namespace']);

/** Whether a watcher's selector could tell the two states apart; only then the log keeps the state before. */
function selectorsMayDiffer(kind: Kind, next: Resource, previous: Resource): boolean {
  return (
    !jsonEqual(next.metadata.labels, previous.metadata.labels) ||
    !jsonEqual(next.metadata.ownerReferences, previous.metadata.ownerReferences) ||
    kind.selectable.some((path) => !names.has(path) && fieldValue(next, path) !== fieldValue(previous, path)) ||
    (kind.references.length > 0 && String(referencesOf(kind, next)) !== String(referencesOf(kind, previous)))
  );
}

import type { Kind } from '../kinds/kind.ts';
import type { Key, ObjectMeta, Resource } from '../kinds/object.ts';
import { copyJson } from '../kinds/schema/json.ts';
import { kindOf, type StoreCore } from './context.ts';
import { StoreError } from './errors.ts';
import type { Entries } from './fields/managers.ts';
import { withSpecFinalizersOf } from './finalizers.ts';
import { get } from './get.ts';
import { writeFromRecent } from './recent.ts';
import { replaceObject } from './replace-object.ts';
import { timestamp } from './timestamp.ts';
import type { RequestContext, UpdateOptions, WriteResult } from './types.ts';
import { updatedEntries } from './updated-entries.ts';

const raceAttempts = 16;

/** See Store.update. `change` gets a copy that it may alter; undefined means leave it as it is. */
export async function update(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  key: Key,
  change: (current: Resource) => Resource | undefined,
  options: UpdateOptions = {},
): Promise<WriteResult<Resource>> {
  const kind = kindOf(core, kindId);
  const { startFrom } = options;
  const write = (current: Resource): Promise<WriteResult<Resource> | undefined> =>
    updateFrom(core, context, kind, current, change, options);
  const soon = startFrom === undefined ? await writeFromRecent(core, context, kind, key, write) : undefined;
  if (soon !== undefined) return soon;
  for (let attempt = 1; ; attempt += 1) {
    const current = (attempt === 1 ? startFrom : undefined) ?? (await existing(core, context, kind, key));
    const written = await write(current);
    if (written !== undefined) return written;
    if (options.ifMatch !== undefined || attempt >= raceAttempts) throw modified(kind, current);
  }
}

/** Undefined when another write came first. */
async function updateFrom(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  current: Resource,
  change: (current: Resource) => Resource | undefined,
  options: UpdateOptions,
): Promise<WriteResult<Resource> | undefined> {
  checkPreconditions(kind, current, options);
  const wanted = change(options.isReadOnly ? current : (copyJson(current) as Resource));
  if (wanted === undefined) return { object: current, changed: false, warnings: [] };
  const carried = wanted.metadata.resourceVersion;
  if (carried && carried !== current.metadata.resourceVersion) throw modified(kind, current);
  const next = nextState(kind, current, wanted, options);
  const entriesOf = (admitted: Resource): Entries =>
    updatedEntries(kind, context, { current, wanted, admitted }, options, timestamp(core.now()));
  return replaceObject(core, context, kind, { current, next, entriesOf }, options);
}

/** The object of a key. Throws NotFound. */
export async function existing(core: StoreCore, context: RequestContext, kind: Kind, key: Key): Promise<Resource> {
  const current = await get(core, context, kind.id, key);
  if (current !== undefined) return current;
  throw new StoreError('NotFound', `${kind.plural}${kind.group && `.${kind.group}`} "${key.name}" not found`, {
    object: { kind: kind.id, name: key.name },
  });
}

/** Throws Conflict when uid or revision is not the expected one. */
export function checkPreconditions(
  kind: Kind,
  current: Resource,
  expected: { readonly ifMatch?: string; readonly uid?: string },
): void {
  const { uid, resourceVersion } = current.metadata;
  if (expected.uid !== undefined && expected.uid !== uid) {
    const hint = 'The object might have been deleted and then recreated';
    throw unmet(
      kind,
      current,
      `the UID in the precondition (${expected.uid}) does not match the UID in record (${uid}). ${hint}`,
    );
  }
  if (expected.ifMatch !== undefined && expected.ifMatch !== resourceVersion) throw modified(kind, current);
}

/** A condition of a write does not hold; `text` says which. */
export function unmet(kind: Kind, current: Resource, text: string): StoreError {
  const { name, resourceVersion } = current.metadata;
  const about = `${kind.name}${kind.group && `.${kind.group}`} "${name}"`;
  return new StoreError('Conflict', `Operation cannot be fulfilled on ${about}: ${text}`, {
    object: { kind: kind.id, name, revision: resourceVersion },
  });
}

/** Another write came first. */
export function modified(kind: Kind, current: Resource): StoreError {
  const { name, resourceVersion } = current.metadata;
  const resource = `${kind.plural}${kind.group && `.${kind.group}`}`;
  return new StoreError(
    'Conflict',
    `Operation cannot be fulfilled on ${resource} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { object: { kind: kind.id, name, revision: resourceVersion } },
  );
}

/**
 * What the writer may change out of what it wants: status by its own path only, and never the store's metadata. Without
 * managed fields.
 */
export function nextState(
  kind: Kind,
  current: Resource,
  wanted: Resource,
  { subresource, managedAs }: UpdateOptions,
): Resource {
  const { apiVersion, kind: kindName } = current;
  if (subresource === 'status') {
    const { managedFields: _, ...metadata } = current.metadata;
    return { ...current, ...(wanted.status === undefined ? {} : { status: wanted.status }), metadata };
  }
  const { status: _, metadata: given, ...rest } = wanted;
  const kept = kind.hasStatus ? current.status : wanted.status;
  const next = {
    ...rest,
    ...(kept === undefined ? {} : { status: kept }),
    apiVersion,
    kind: kindName,
    metadata: ownMetadata(current.metadata, given),
  };
  return managedAs === 'finalize' ? next : withSpecFinalizersOf(next, current);
}

function ownMetadata(current: ObjectMeta, given: ObjectMeta): ObjectMeta {
  const { labels, annotations, finalizers, ownerReferences } = given;
  const {
    name,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  } = current;
  const all = {
    name,
    generateName: given.generateName ?? current.generateName,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    finalizers,
    labels,
    annotations,
    ownerReferences,
  };
  const own: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(all)) if (value !== undefined && value !== null) own[field] = value;
  return own as unknown as ObjectMeta;
}

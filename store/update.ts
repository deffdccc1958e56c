import { isDeepStrictEqual } from 'node:util';
import { countsGeneration, type Kind } from '../kinds/kind.ts';
import type { Key, ObjectMeta, Resource } from '../kinds/object.ts';
import { admit } from './admission.ts';
import { kindOf, type StoreCore } from './context.ts';
import { StoreError } from './errors.ts';
import { isHeld, withSpecFinalizersOf } from './finalizers.ts';
import { get } from './get.ts';
import { replace } from './persist.ts';
import type { RequestContext, UpdateOptions, WriteResult } from './types.ts';

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
  for (let attempt = 1; ; attempt += 1) {
    const current = (attempt === 1 ? options.startFrom : undefined) ?? (await existing(core, context, kind, key));
    checkPreconditions(kind, current, options);
    const wanted = change(structuredClone(current));
    if (wanted === undefined) return { object: current, changed: false, warnings: [] };
    const carried = wanted.metadata.resourceVersion;
    if (carried && carried !== current.metadata.resourceVersion) throw modified(kind, current);
    const whole = merged(kind, current, wanted, options.subresource);
    const next = options.managedAs === 'finalize' ? whole : withSpecFinalizersOf(whole, current);
    const { object: admitted, warnings } = await admit(core, context, kind, next, current, options);
    // Its own metadata: the caller's object, and a status write's, share theirs with the state that was read.
    const object = { ...admitted, metadata: { ...admitted.metadata } };
    if (isDeepStrictEqual(object, current)) return { object: current, changed: false, warnings };
    if (countsGeneration(kind) && options.subresource !== 'status' && specDiffers(object, current)) {
      object.metadata.generation = (current.metadata.generation ?? 0) + 1;
    }
    const remove = current.metadata.deletionTimestamp !== undefined && !isHeld(object);
    const revision = await replace(core, context, kind, object, current, { dryRun: options.dryRun === true, remove });
    if (revision !== undefined) {
      if (!options.dryRun) object.metadata.resourceVersion = String(revision);
      return { object, changed: true, warnings };
    }
    if (options.ifMatch !== undefined || attempt >= raceAttempts) throw modified(kind, current);
  }
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
    throw new StoreError(
      'Conflict',
      `the uid in the precondition (${expected.uid}) is not the object's (${uid}); it may have been deleted and made again`,
      {
        object: { kind: kind.id, name: current.metadata.name, revision: resourceVersion },
      },
    );
  }
  if (expected.ifMatch !== undefined && expected.ifMatch !== resourceVersion) throw modified(kind, current);
}

function modified(kind: Kind, current: Resource): StoreError {
  const { name, resourceVersion } = current.metadata;
  const resource = `${kind.plural}${kind.group && `.${kind.group}`}`;
  return new StoreError(
    'Conflict',
    `Operation cannot be fulfilled on ${resource} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { object: { kind: kind.id, name, revision: resourceVersion } },
  );
}

/** What the writer may change out of what it wants: status by its own path only, and never the store's metadata. */
function merged(kind: Kind, current: Resource, wanted: Resource, subresource: UpdateOptions['subresource']): Resource {
  const { apiVersion, kind: kindName } = current;
  if (subresource === 'status')
    return { ...current, ...(wanted.status === undefined ? {} : { status: wanted.status }) };
  const { status: _, metadata: given, ...rest } = wanted;
  const kept = kind.hasStatus ? current.status : wanted.status;
  return {
    ...rest,
    ...(kept === undefined ? {} : { status: kept }),
    apiVersion,
    kind: kindName,
    metadata: ownMetadata(current.metadata, given),
  };
}

function ownMetadata(current: ObjectMeta, given: ObjectMeta): ObjectMeta {
  const { labels, annotations, finalizers, ownerReferences, managedFields } = given;
  const {
    name,
    generateName,
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
    generateName,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    finalizers: finalizers?.length ? finalizers : undefined,
    labels,
    annotations,
    ownerReferences: ownerReferences?.length ? ownerReferences : undefined,
    managedFields,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== null),
  ) as unknown as ObjectMeta;
}

function specDiffers(next: Resource, previous: Resource): boolean {
  const { metadata: _, status: __, ...nextSpec } = next;
  const { metadata: ___, status: ____, ...previousSpec } = previous;
  return !isDeepStrictEqual(nextSpec, previousSpec);
}

import { countsGeneration, type Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { jsonEqual } from '../kinds/schema/json.ts';
import { admit } from './admission.ts';
import type { StoreCore } from './context.ts';
import type { Entries } from './fields/managers.ts';
import { isHeld } from './finalizers.ts';
import { withoutEmpty } from './metadata.ts';
import { sameEntries } from './ownership.ts';
import { replace } from './persist.ts';
import type { RequestContext, UpdateOptions, WriteResult } from './types.ts';

/** The next state of an object, and who owns what in it. */
export interface NextState {
  readonly current: Resource;
  /** Without managed fields. */
  readonly next: Resource;
  /** The entries once the object is as it will be stored. */
  readonly entriesOf: (admitted: Resource) => Entries;
}

/**
 * Admits the next state of an object and writes it. Answers the current state where nothing changes, and undefined where
 * another write came first.
 */
export async function replaceObject(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  { current, next, entriesOf }: NextState,
  options: Pick<UpdateOptions, 'dryRun' | 'fieldValidation' | 'subresource'>,
): Promise<WriteResult<Resource> | undefined> {
  const { object: admitted, warnings } = await admit(core, context, kind, next, current, options);
  const { managedFields: stored = [], ...bare } = current.metadata;
  const entries = entriesOf(admitted);
  // Its own metadata: the caller's object, and a status write's, share theirs with the state that was read.
  const metadata = withoutEmpty(admitted.metadata);
  const object = { ...admitted, metadata };
  if (sameEntries(entries, stored) && jsonEqual(object, { ...current, metadata: bare }))
    return { object: current, changed: false, warnings };
  if (entries.length > 0) metadata.managedFields = [...entries];
  if (countsGeneration(kind) && options.subresource !== 'status' && specDiffers(object, current))
    metadata.generation = (current.metadata.generation ?? 0) + 1;
  const remove = metadata.deletionTimestamp !== undefined && !isHeld(object);
  const written = await replace(core, context, kind, object, current, { dryRun: options.dryRun === true, remove });
  if (written === undefined) return undefined;
  const { revision, text } = written;
  if (!options.dryRun) metadata.resourceVersion = revision;
  return { object, changed: true, warnings, ...(text === undefined ? {} : { text }) };
}

function specDiffers(next: Resource, previous: Resource): boolean {
  const { metadata: _, status: __, ...nextSpec } = next;
  const { metadata: ___, status: ____, ...previousSpec } = previous;
  return !jsonEqual(nextSpec, previousSpec);
}

import { randomBytes, randomUUID } from 'node:crypto';
import { apiVersionOf, countsGeneration, type Kind } from '../kinds/kind.ts';
import type { ObjectMeta, Resource } from '../kinds/object.ts';
import { admit } from './admission.ts';
import { decode } from './codec.ts';
import { kindOf, type StoreCore } from './context.ts';
import { rootProject } from './control-plane.ts';
import { StoreError } from './errors.ts';
import type { Entries } from './fields/managers.ts';
import { shapeOf } from './fields/shape.ts';
import { differenceOf, tracked } from './fields/track.ts';
import { withoutEmpty } from './metadata.ts';
import { asWritten, ignoredBy, managerOf } from './ownership.ts';
import { type Idempotency, insert } from './persist.ts';
import { timestamp } from './timestamp.ts';
import type { CreateOptions, NewObject, RequestContext, WriteResult } from './types.ts';

/** Letters of generated names: no vowels, so that no words come about. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const maxGeneratedPrefix = 58;
const nameAttempts = 8;

/** See Store.create. */
export async function create(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  input: NewObject,
  options: CreateOptions = {},
): Promise<WriteResult<Resource>> {
  const kind = kindOf(core, kindId);
  const generates = !input.metadata.name && Boolean(input.metadata.generateName);
  return createOwned(core, context, kind, input, options, (object) => {
    const difference = differenceOf(shapeOf(kind), undefined, asWritten(kind, object, generates), ignoredBy(kind));
    return tracked([], managerOf(kind, context, 'Update'), difference, timestamp(core.now()));
  });
}

/** Creates an object whose fields are owned as `entriesOf` says, given the object as it will be stored. */
export async function createOwned(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  input: NewObject,
  options: CreateOptions,
  entriesOf: (object: Resource) => Entries,
): Promise<WriteResult<Resource>> {
  checkRoot(context, kind);
  const { generateName } = input.metadata;
  const generates = !input.metadata.name && Boolean(generateName);
  const idempotency = idempotencyOf(core, kind, input, options);
  for (let attempt = 1; ; attempt += 1) {
    const name = generates ? generatedName(generateName ?? '') : (input.metadata.name ?? '');
    const sent = newObject(core, kind, input, name);
    const { object: admitted, warnings } = await admit(core, context, kind, sent, undefined, options);
    const entries = entriesOf(admitted);
    const object = { ...admitted, metadata: withoutEmpty(admitted.metadata) };
    if (entries.length > 0) object.metadata.managedFields = [...entries];
    const inserted = await insert(core, context, kind, object, { dryRun: options.dryRun === true, idempotency });
    if (inserted === 'replayed')
      return { object: await replay(core, context, kind, options.idempotencyKey ?? ''), changed: false, warnings };
    if (inserted !== 'exists') {
      const { revision, text } = inserted;
      object.metadata.resourceVersion = revision;
      return { object, changed: true, warnings, ...(text === undefined ? {} : { text }) };
    }
    if (!generates || attempt >= nameAttempts) {
      throw new StoreError(
        'AlreadyExists',
        `${kind.plural}${kind.group && `.${kind.group}`} "${name}" already exists`,
        { object: { kind: kind.id, name } },
      );
    }
  }
}

function checkRoot({ project }: RequestContext, kind: Kind): void {
  if (kind.rootOnly !== true || project === rootProject) return;
  const text = `${kind.plural}.${kind.group} is forbidden: there are ${kind.plural} in the project ${rootProject} only`;
  throw new StoreError('Forbidden', text, { object: { kind: kind.id } });
}

function generatedName(prefix: string): string {
  const suffix = Array.from(randomBytes(suffixLength), (byte) => alphabet[byte % alphabet.length]).join('');
  return prefix.slice(0, maxGeneratedPrefix) + suffix;
}

/**
 * The object with the metadata that is the store's to give, and without status, which has a path of its own. Shares what is
 * inside with the input; admission copies.
 */
function newObject(core: StoreCore, kind: Kind, input: NewObject, name: string): Resource {
  const { metadata: given, status, ...rest } = input as NewObject & { status?: unknown };
  const metadata = {
    ...given,
    name,
    uid: randomUUID(),
    resourceVersion: '',
    creationTimestamp: timestamp(core.now()),
  } as ObjectMeta;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  delete metadata.managedFields;
  if (countsGeneration(kind)) metadata.generation = 1;
  if (kind.scope === 'Cluster') delete metadata.namespace;
  return {
    ...rest,
    ...(kind.hasStatus || status === undefined ? {} : { status }),
    apiVersion: apiVersionOf(kind),
    kind: kind.name,
    metadata,
  };
}

function idempotencyOf(core: StoreCore, kind: Kind, input: NewObject, options: CreateOptions): Idempotency | undefined {
  if (options.idempotencyKey === undefined) return undefined;
  return { key: options.idempotencyKey, inputHash: core.box.hash(JSON.stringify([kind.id, input])) };
}

/** The first answer to an idempotency key. */
async function replay(core: StoreCore, context: RequestContext, kind: Kind, key: string): Promise<Resource> {
  const { rows } = await core.pool.query<{ object: string; revision: string }>(
    'select object::text as object, revision from idempotency where project = $1 and actor = $2 and key = $3',
    [context.project, context.actor, key],
  );
  const row = rows[0];
  if (row === undefined)
    throw new StoreError('Unavailable', 'the first answer to this idempotency key was just forgotten; try again');
  await core.flush();
  const { namespace = '', name } = (JSON.parse(row.object) as Resource).metadata;
  return decode(kind, row.object, row.revision, core.box, { project: context.project, namespace, name });
}

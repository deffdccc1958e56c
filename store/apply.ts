import type { Kind } from '../kinds/kind.ts';
import type { Key, Resource } from '../kinds/object.ts';
import { isObject } from '../kinds/schema/json.ts';
import { kindOf, type StoreCore } from './context.ts';
import { createOwned } from './create.ts';
import { isStoreError, StoreError } from './errors.ts';
import { appliedFaults } from './fields/applied-check.ts';
import { type Applied, applyFields } from './fields/apply-fields.ts';
import { conflictError } from './fields/conflicts.ts';
import { clientApplied, kubectlManager, withLastApplied } from './fields/last-applied.ts';
import { shapeOf } from './fields/shape.ts';
import { forbidden } from './forbidden.ts';
import { get } from './get.ts';
import { ignoredBy, managerOf } from './ownership.ts';
import { writeFromRecent } from './recent.ts';
import { replaceObject } from './replace-object.ts';
import { timestamp } from './timestamp.ts';
import type { ApplyOptions, ApplyResult, NewObject, RequestContext } from './types.ts';
import { checkPreconditions, modified, nextState } from './update.ts';

const raceAttempts = 16;

type Configuration = Readonly<Record<string, unknown>>;

/** See Store.apply. */
export async function apply(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  key: Key,
  applied: Configuration,
  options: ApplyOptions = {},
): Promise<ApplyResult<Resource>> {
  const kind = kindOf(core, kindId);
  checkShape(kind, key, applied);
  const own = ownPart(applied, options.subresource);
  const expected = preconditionsOf(applied);
  const replaced = (current: Resource): Promise<ApplyResult<Resource> | undefined> => {
    checkPreconditions(kind, current, expected);
    return replaceApplied(core, context, kind, current, applyTo(core, context, kind, current, own, options), options);
  };
  const soon = await writeFromRecent(core, context, kind, key, replaced);
  if (soon !== undefined) return soon;
  for (let attempt = 1; ; attempt += 1) {
    const current = await get(core, context, kind.id, key);
    const answer =
      current === undefined
        ? await createApplied(
            core,
            context,
            kind,
            key,
            applyTo(core, context, kind, current, own, options),
            expected,
            options,
          )
        : await replaced(current);
    if (answer !== undefined) return answer;
    if (current !== undefined && (expected.ifMatch !== undefined || attempt >= raceAttempts))
      throw modified(kind, current);
  }
}

/** Refuses what cannot be told apart into fields, in Kubernetes' words. */
function checkShape(kind: Kind, { name }: Key, applied: Configuration): void {
  const faults = appliedFaults(shapeOf(kind), applied);
  if (faults.length === 0) return;
  const { metadata } = applied;
  const namespace = isObject(metadata) && typeof metadata['namespace'] === 'string' ? metadata['namespace'] : '';
  const texts = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  const about = `${namespace}/${name}; ${kind.group}/${kind.version}, Kind=${kind.name}`;
  throw new StoreError('BadRequest', `failed to create typed patch object (${about}): ${texts}`, {
    object: { kind: kind.id, name },
  });
}

/** The part of a configuration that its path may write. */
function ownPart(applied: Configuration, subresource: ApplyOptions['subresource']): Configuration {
  if (subresource === undefined) return applied;
  return applied['status'] === undefined ? {} : { status: applied['status'] };
}

/** What the configuration says about the object that it is meant for. */
function preconditionsOf({ metadata }: Configuration): { ifMatch?: string; uid?: string } {
  const { resourceVersion, uid } = (isObject(metadata) ? metadata : {}) as Record<string, unknown>;
  return {
    ...(typeof resourceVersion === 'string' && resourceVersion !== '' ? { ifMatch: resourceVersion } : {}),
    ...(typeof uid === 'string' && uid !== '' ? { uid } : {}),
  };
}

/** The configuration laid over the object. Throws ApplyConflict. */
function applyTo(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  current: Resource | undefined,
  applied: Configuration,
  { force = false, subresource }: ApplyOptions,
): Applied {
  const shape = shapeOf(kind);
  const byKubectl = context.manager === kubectlManager;
  const live = current && withoutStatus(kind, current, subresource);
  const outcome = applyFields({
    shape,
    live,
    entries: current?.metadata.managedFields ?? [],
    applied: subresource === undefined && kind.hasStatus ? withoutStatus(kind, applied, subresource) : applied,
    id: managerOf(kind, context, 'Apply', subresource),
    ignored: ignoredBy(kind, subresource),
    allowed: force ? 'all' : byKubectl && live !== undefined ? clientApplied(shape, live) : undefined,
    now: timestamp(core.now()),
  });
  if ('conflicts' in outcome) throw conflictError(outcome.conflicts, { kind: kind.id });
  return byKubectl ? { ...outcome, object: withLastApplied(outcome.object, applied) } : outcome;
}

/** A write of the main resource neither sees nor touches status. */
function withoutStatus<T extends object>(kind: Kind, object: T, subresource: ApplyOptions['subresource']): T {
  if (subresource !== undefined || !kind.hasStatus || !('status' in object)) return object;
  const { status: _, ...rest } = object;
  return rest as T;
}

/** Undefined when the object has come to be in the meantime. */
async function createApplied(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  key: Key,
  { object, entries }: Applied,
  expected: { readonly uid?: string },
  options: ApplyOptions,
): Promise<ApplyResult<Resource> | undefined> {
  const resource = `${kind.plural}${kind.group && `.${kind.group}`}`;
  const about = { object: { kind: kind.id, name: key.name } };
  if (options.subresource !== undefined) throw new StoreError('NotFound', `${resource} "${key.name}" not found`, about);
  if (expected.uid !== undefined) {
    const text = `Operation cannot be fulfilled on ${resource} "${key.name}": uid mismatch: the provided object specified uid ${expected.uid}, and no existing object was found`;
    throw new StoreError('Conflict', text, about);
  }
  requireCreate(context, kind, key);
  const metadata = { ...object.metadata, name: key.name, namespace: key.namespace };
  const input = { ...object, metadata } as unknown as NewObject;
  try {
    return { ...(await createOwned(core, context, kind, input, createOptions(options), () => entries)), created: true };
  } catch (error) {
    if (isStoreError(error, 'AlreadyExists')) return undefined;
    throw error;
  }
}

/** Whoever may apply may not therefore make something new. */
function requireCreate({ rights, actor: user, ownedAs }: RequestContext, kind: Kind, { namespace, name }: Key): void {
  const [group] = ownedAs?.includes('/') ? ownedAs.split('/', 1) : [kind.group];
  const right = {
    verb: 'create',
    group: group ?? '',
    resource: kind.plural,
    ...(namespace === '' ? {} : { namespace }),
  };
  if (rights?.may(right) === false) throw forbidden({ ...right, user, name }, kind.id);
}

/** What the schema does not know was refused before. */
function createOptions({ dryRun = false }: ApplyOptions): { dryRun: boolean; fieldValidation: 'Ignore' } {
  return { dryRun, fieldValidation: 'Ignore' };
}

/** Undefined when another write came first. */
async function replaceApplied(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  current: Resource,
  { object, entries }: Applied,
  options: ApplyOptions,
): Promise<ApplyResult<Resource> | undefined> {
  const next = nextState(kind, current, object, options);
  const written = await replaceObject(
    core,
    context,
    kind,
    { current, next, entriesOf: () => entries },
    { ...createOptions(options), ...(options.subresource === undefined ? {} : { subresource: options.subresource }) },
  );
  return written && { ...written, created: false };
}

import { adoptKey } from '../../kinds/provider-annotations.ts';
import type { CloudIntent, CloudResource } from '../../store/cloud-resources.types.ts';
import type { CloudApi, Disruption, Observation, Progress } from '../clouds/gcp/cloud-object.ts';
import { type CloudBody, type CloudType, cloudTypes } from '../clouds/gcp/cloud-types.ts';
import { type Fault, isGcpError, mustReplace } from '../clouds/gcp/errors.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import { requestIdOf } from '../clouds/gcp/request-id.ts';
import { adoption, isOurs } from './adoption.ts';
import type { GcpDeps } from './deps.ts';
import { differences, driftFacts } from './drift.ts';
import { drop } from './drop.ts';
import { fail, failed, follow, lookedAt } from './outcome.ts';
import type { Owned } from './owned.ts';
import { nameConflict } from './reasons.ts';
import type { Stage } from './stage.ts';

/** An object that shall exist in the cloud. */
export interface Wanted<T extends CloudType>
  extends
    Pick<CloudIntent, 'project' | 'account' | 'scope' | 'name' | 'ownerKind' | 'ownerUid' | 'ownerKey' | 'controller'>,
    Owned {
  readonly type: T;
  readonly body: CloudBody<T>;
  /** Tells what is wanted now from what was applied before. */
  readonly specHash: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Told what is about to be changed, and what that does to the object, before it happens. */
  readonly announce?: (differences: readonly string[], disruption: Disruption) => Promise<void>;
}

/** Fact that tells whether somebody changed the object since: hash of its projection. */
export const projectionFact = 'projection';

/** Google keeps request ids for an hour at least; younger calls are sent again as they were. */
const replayableForMs = 45 * 60_000;

/** Steps after which an object that still is not as wanted will not become so. */
const maxSteps = 20;

/** What a row is said to be like while it is taken there step by step. */
function stepHash(specHash: string): string {
  return `step:${specHash}`;
}

/**
 * Takes an object one step towards existing as wanted; `row` is what is known of it. Answers at once: what is not done by
 * then is followed by the poller, which wakes the controller.
 */
export async function ensure<T extends CloudType>(
  deps: GcpDeps,
  wanted: Wanted<T>,
  row: CloudResource | undefined,
): Promise<Stage> {
  if (row === undefined) return insert(deps, wanted, undefined);
  const isCurrent = row.specHash === wanted.specHash;
  const isPursued = isCurrent || row.specHash === stepHash(wanted.specHash);
  // Who has allowed to take over what is in the way need not wait for the next try.
  const isAllowed = wanted.adopts && row.error?.message === unmarked;
  const isHeld = isPursued && !isAllowed;
  if (isHeld && row.error !== undefined && row.retryAt !== undefined && row.retryAt.getTime() > Date.now()) {
    return { at: 'failed', failure: row.error, retryAt: row.retryAt, row };
  }
  if (row.verb === 'delete' && row.state !== 'gone') {
    const stage = await drop(deps, row);
    return stage.at === 'gone' ? insert(deps, wanted, undefined) : stage;
  }
  switch (row.state) {
    case 'running':
      return { at: 'waiting', row };
    case 'ready':
      return isCurrent ? { at: 'ready', row } : compare(deps, wanted, row, 'unknown');
    case 'gone':
      return insert(deps, wanted, row);
    case 'failed':
      return row.verb === 'insert' && row.error?.class !== 'alreadyExists'
        ? insert(deps, wanted, row)
        : compare(deps, wanted, row, 'unknown');
    case 'planned':
      return row.verb === 'insert' && isPursued && Date.now() - row.plannedAt.getTime() < replayableForMs
        ? send(deps, wanted, row)
        : compare(deps, wanted, row, 'unknown');
  }
}

function apiFor<T extends CloudType>(type: T): CloudApi<CloudBody<T>> {
  // The table has the API of each type under its name, which its own type does not express for a T.
  return cloudTypes[type] as unknown as CloudApi<CloudBody<T>>;
}

async function insert<T extends CloudType>(
  deps: GcpDeps,
  wanted: Wanted<T>,
  previous: CloudResource | undefined,
): Promise<Stage> {
  const aim = apiFor(wanted.type).insertsPart ? stepHash(wanted.specHash) : wanted.specHash;
  const row = await plan(deps, { ...wanted, specHash: aim }, 'insert', previous);
  return row === undefined ? { at: 'waiting' } : send(deps, wanted, row);
}

/** Sends the insert of a row that is planned. */
async function send<T extends CloudType>(deps: GcpDeps, wanted: Wanted<T>, row: CloudResource): Promise<Stage> {
  let progress: Progress;
  try {
    progress = await apiFor(wanted.type).insert(deps.gcp, wanted, wanted.body, row.requestId);
  } catch (error) {
    return isGcpError(error, 'alreadyExists') ? compare(deps, wanted, row, 'taken') : fail(deps, row, error);
  }
  return settle(deps, wanted, row, await lookedAt(deps, row, progress));
}

async function settle<T extends CloudType>(
  deps: GcpDeps,
  wanted: Wanted<T>,
  row: CloudResource,
  progress: Progress,
): Promise<Stage> {
  const { operation, targetId, fault } = progress;
  const target = targetId === undefined ? {} : { targetId };
  if (!progress.done) return follow(deps, row, { ...target, ...(operation === undefined ? {} : { operation }) });
  if (fault !== undefined)
    return fault.class === 'alreadyExists' ? compare(deps, wanted, row, 'taken') : failed(deps, row, fault);
  if (row.verb !== 'none' && row.specHash === stepHash(wanted.specHash)) return stepped(deps, wanted, row);
  if (!apiFor(wanted.type).readBack) return ready(deps, wanted, row, target);
  // What an object is made with is known; its state and what Google chose for it only Google knows.
  try {
    const observed = await apiFor(wanted.type).get(deps.gcp, wanted);
    if (observed !== undefined) return observation(deps, wanted, row, observed);
  } catch (error) {
    if (!isGcpError(error)) throw error;
  }
  return follow(deps, row, { ...target, verb: 'none' });
}

/** One step is done; whether there is another one is seen by comparing again. */
async function stepped<T extends CloudType>(deps: GcpDeps, wanted: Wanted<T>, row: CloudResource): Promise<Stage> {
  if (row.attempts >= maxSteps) return failed(deps, row, notApplied);
  const { requestId, attempts } = row;
  const written = await deps.cloudResources.record(requestId, { state: 'ready', verb: 'none', attempts: attempts + 1 });
  return written === undefined ? { at: 'waiting' } : compare(deps, wanted, written, 'unknown');
}

/**
 * Looks at what is in the cloud under the name: adopts what is ours, corrects what differs, makes what is missing. Where
 * Google said that the name is taken, an object that cannot be read is on its way.
 */
async function compare<T extends CloudType>(
  deps: GcpDeps,
  wanted: Wanted<T>,
  row: CloudResource,
  name: 'taken' | 'unknown',
): Promise<Stage> {
  const api = apiFor(wanted.type);
  let observed: Observation | undefined;
  try {
    observed = await api.get(deps.gcp, wanted);
  } catch (error) {
    return fail(deps, row, error);
  }
  if (observed === undefined) return name === 'taken' ? failed(deps, row, notYetVisible) : insert(deps, wanted, row);
  if (!isOurs({ ...wanted, facts: row.facts }, observed)) {
    const facts = wanted.adopts ? adoption(observed) : undefined;
    if (facts === undefined) return failed(deps, row, foreign(observed));
    const { state, verb } = row;
    const taken = await deps.cloudResources.record(row.requestId, { state, verb, attempts: 0, facts });
    return taken === undefined ? { at: 'waiting' } : compare(deps, wanted, taken, 'unknown');
  }
  const declared = api.projection(wanted.body, wanted.account);
  const different = differences(declared, observed.projection);
  const found = different.join('; ');
  if (found === '') return observation(deps, wanted, row, observed);
  // Nothing was known to be wrong with it, and then it was found to be: somebody changed it.
  const isDrift = row.state === 'ready' && row.specHash === undefined;
  if (isDrift && wanted.drift !== 'Correct') return leave(deps, wanted, row, observed, found);
  const disruption = api.disruption?.(declared, observed.projection) ?? 'InPlace';
  if (api.patch === undefined || disruption === 'NeedsReplace')
    return failed(deps, row, { ...mustReplace, message: `${mustReplace.message}: ${found}` });
  if (!observed.settled)
    return follow(deps, row, { verb: 'none', facts: observed.facts, specHash: stepHash(wanted.specHash) });
  await wanted.announce?.(different, disruption);
  const facts = {
    ...api.before?.(declared, observed),
    [driftFacts.drift]: '',
    ...(isDrift ? { [driftFacts.corrected]: found } : {}),
  };
  const aim = api.stepwise ? stepHash(wanted.specHash) : wanted.specHash;
  const planned = await plan(deps, { ...wanted, specHash: aim, facts: { ...wanted.facts, ...facts } }, 'patch', row);
  if (planned === undefined) return { at: 'waiting' };
  try {
    const progress = await api.patch(deps.gcp, wanted, wanted.body, planned.requestId);
    return await settle(deps, wanted, planned, await lookedAt(deps, planned, progress));
  } catch (error) {
    return fail(deps, planned, error);
  }
}

const notYetVisible: Fault = {
  code: 'notYetVisible',
  class: 'transient',
  message: 'the name is taken, but the object cannot be read yet',
};
const notApplied: Fault = {
  code: 'notApplied',
  class: 'conflict',
  message: 'the changes were accepted, but the object is not as it should be',
};
const unmarked = `an object of this name exists and is not ours; it is left alone unless annotated with ${adoptKey}: "true", which takes it over`;

/** An object of the name that is not ours, and what to do about it. */
function foreign({ marker }: Observation): Fault {
  return {
    code: nameConflict,
    class: 'alreadyExists',
    message:
      marker === undefined
        ? unmarked
        : 'an object of this name exists and is marked as that of another owner; it is left alone',
  };
}

/** Leaves alone what somebody changed: told to the owner, or taken as it is. */
async function leave<T extends CloudType>(
  deps: GcpDeps,
  { drift, specHash: current }: Wanted<T>,
  row: CloudResource,
  { targetId, facts, projection }: Observation,
  found: string,
): Promise<Stage> {
  const taken =
    drift === 'Report'
      ? { specHash: null, facts: { ...facts, [driftFacts.drift]: found } }
      : { specHash: current, facts: { ...facts, [driftFacts.drift]: '', [projectionFact]: specHash(projection) } };
  const written = await deps.cloudResources.record(row.requestId, {
    state: 'ready',
    verb: 'none',
    attempts: 0,
    targetId,
    ...taken,
  });
  return written === undefined ? { at: 'waiting' } : { at: 'ready', row: written };
}

async function observation<T extends CloudType>(
  deps: GcpDeps,
  wanted: Wanted<T>,
  row: CloudResource,
  observed: Observation,
): Promise<Stage> {
  const { targetId } = observed;
  const facts = row.facts[driftFacts.drift] ? { ...observed.facts, [driftFacts.drift]: '' } : observed.facts;
  if (observed.settled) return ready(deps, wanted, row, { targetId, facts });
  return follow(deps, row, { verb: 'none', targetId, facts, specHash: wanted.specHash, attempts: 0 });
}

async function ready<T extends CloudType>(
  deps: GcpDeps,
  { specHash }: Wanted<T>,
  row: CloudResource,
  more: { readonly targetId?: string; readonly facts?: Readonly<Record<string, string>> },
): Promise<Stage> {
  const written = await deps.cloudResources.record(row.requestId, {
    state: 'ready',
    verb: 'none',
    attempts: 0,
    specHash,
    ...more,
  });
  return written === undefined ? { at: 'waiting' } : { at: 'ready', row: written };
}

async function plan<T extends CloudType>(
  deps: GcpDeps,
  wanted: Wanted<T>,
  verb: 'insert' | 'patch',
  previous: CloudResource | undefined,
): Promise<CloudResource | undefined> {
  const { project, account, scope, type, name, ownerKind, ownerUid, ownerKey, controller, generation } = wanted;
  // A machine that is made again has another state and another external address.
  const kept = verb === 'patch' ? previous?.facts : undefined;
  const facts = { ...kept, ...wanted.facts, [projectionFact]: specHash(apiFor(type).projection(wanted.body, account)) };
  const plannedAt = new Date();
  const requestId = requestIdOf({
    resource: `${type}/${account}/${scope}/${name}`,
    verb,
    generation,
    attempt: plannedAt.getTime(),
  });
  return deps.cloudResources.plan(
    {
      cloud: 'gcp',
      project,
      account,
      scope,
      type,
      name,
      ownerKind,
      ownerUid,
      ownerKey,
      controller,
      verb,
      requestId,
      plannedAt,
      specHash: wanted.specHash,
      attempts: previous?.attempts ?? 0,
      facts,
    },
    previous?.requestId,
  );
}

import type { CloudOutcome, CloudResource } from '../../store/cloud-resources.types.ts';
import type { GcpClient } from '../clouds/gcp/client.ts';
import type { Observation, Progress } from '../clouds/gcp/cloud-object.ts';
import type { Fault } from '../clouds/gcp/errors.ts';
import { operation, operations } from '../clouds/gcp/operations.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { apiOf, failureOutcome } from '../gcp-objects/outcome.ts';

/** What is to be written of one row. */
export interface Report {
  readonly requestId: string;
  readonly outcome: CloudOutcome;
}

/** Up to so many are asked for one by one; more are listed. */
const few = 4;

/** Looks at the rows of one project and scope, and says what has become of those that moved. Throws GcpError. */
export async function follow(
  deps: Pick<GcpDeps, 'gcp' | 'retryPolicy'>,
  rows: readonly CloudResource[],
): Promise<Report[]> {
  const reports: Report[] = [];
  const arriving: CloudResource[] = rows.filter((row) => row.operation === undefined);
  const running = rows.filter((row) => row.operation !== undefined);
  const progress = await progressOf(deps.gcp, running);
  for (const row of running) {
    const seen = progress.get(row.operation ?? '');
    if (seen === undefined) reports.push({ requestId: row.requestId, outcome: lost(deps, row) });
    else if (seen.done && seen.fault === undefined && row.verb !== 'delete' && apiOf(row).readBack) arriving.push(row);
    else if (seen.done) reports.push({ requestId: row.requestId, outcome: ended(deps, row, seen) });
  }
  for (const type of new Set(arriving.map((row) => row.type))) {
    const own = arriving.filter((row) => row.type === type);
    const observed = await observations(deps.gcp, own);
    for (const row of own) {
      const outcome = arrived(deps, row, observed.get(row.name));
      if (outcome !== undefined) reports.push({ requestId: row.requestId, outcome });
    }
  }
  return reports;
}

/** Progress of the operations of some rows, by name; absent for those that Google does not know. */
async function progressOf(gcp: GcpClient, rows: readonly CloudResource[]): Promise<Map<string, Progress>> {
  const [first] = rows;
  if (first === undefined) return new Map();
  const { account, scope } = first;
  const listed =
    rows.length > few ? await operations(gcp, account, scope, 2 * rows.length) : new Map<string, Progress>();
  const missing = rows.flatMap(({ operation: name }) => (name === undefined || listed.has(name) ? [] : [name]));
  const single = await Promise.all(
    missing.map(async (name) => [name, await operation(gcp, account, scope, name)] as const),
  );
  for (const [name, progress] of single) if (progress !== undefined) listed.set(name, progress);
  return listed;
}

/** Objects of one type by name. */
async function observations(gcp: GcpClient, rows: readonly CloudResource[]): Promise<Map<string, Observation>> {
  const [first] = rows;
  if (first === undefined) return new Map();
  const api = apiOf(first);
  if (rows.length > few && api.list !== undefined) return api.list(gcp, first.account, first.scope);
  const found = await Promise.all(rows.map(async (row) => [row.name, await api.get(gcp, row)] as const));
  return new Map(
    found.flatMap(([name, observation]) => (observation === undefined ? [] : [[name, observation] as const])),
  );
}

const vanished: Fault = {
  code: 'operationNotFound',
  class: 'transient',
  message: 'Google does not know the operation any more',
};

/** Operations are forgotten after some days. What was made of them has to be looked at; a delete is sent anew. */
function lost(deps: Pick<GcpDeps, 'retryPolicy'>, row: CloudResource): CloudOutcome {
  return row.verb === 'delete' ? failureOutcome(deps, row, vanished) : { state: 'planned', plannedAt: new Date(0) };
}

function ended(deps: Pick<GcpDeps, 'retryPolicy'>, row: CloudResource, { fault, targetId }: Progress): CloudOutcome {
  if (fault?.class === 'alreadyExists') return { state: 'planned', plannedAt: new Date(0) };
  if (fault !== undefined && !(row.verb === 'delete' && fault.class === 'notFound'))
    return failureOutcome(deps, row, fault);
  if (row.verb === 'delete') return { state: 'gone' };
  return { state: 'ready', verb: 'none', attempts: 0, ...(targetId === undefined ? {} : { targetId }) };
}

const disappeared: Fault = {
  code: 'machineNotFound',
  class: 'transient',
  message: 'the machine is not there, though making it did not fail',
};

/** A machine that exists, on its way to a state in which it stays. */
function arrived(
  deps: Pick<GcpDeps, 'retryPolicy'>,
  row: CloudResource,
  observed: Observation | undefined,
): CloudOutcome | undefined {
  if (observed === undefined) return row.verb === 'insert' ? failureOutcome(deps, row, disappeared) : { state: 'gone' };
  const { targetId, facts, settled } = observed;
  if (settled) return { state: 'ready', verb: 'none', attempts: 0, targetId, facts };
  const isNews =
    row.operation !== undefined || Object.entries(facts).some(([name, value]) => row.facts[name] !== value);
  return isNews ? { state: 'running', verb: 'none', targetId, facts } : undefined;
}

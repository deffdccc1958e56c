import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { addressFact } from '../clouds/gcp/addresses.ts';
import type { CloudType } from '../clouds/gcp/cloud-types.ts';
import { mustReplace } from '../clouds/gcp/errors.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { drop } from '../gcp-objects/drop.ts';
import { ensure, type Wanted } from '../gcp-objects/ensure.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { settleAll } from '../objects/settle-all.ts';
import type { WantedBalancer, WantedListener } from './plan.ts';

/** Where a piece of a gateway is. */
export interface Piece {
  readonly type: CloudType;
  readonly stage: Stage;
}

/** How far the gateway is in one project. */
export interface BalancerProgress {
  /** Undefined until it is reserved. */
  readonly address: string | undefined;
  readonly pieces: readonly Piece[];
  /** Pieces that are not needed any more and not gone yet. */
  readonly leaving: readonly Piece[];
}

/** Everything that a gateway is made of, in the order in which it can be deleted. */
const tiers: readonly (readonly CloudType[])[] = [
  ['compute.globalForwardingRules'],
  ['compute.targetTcpProxies'],
  ['compute.backendServices'],
  ['compute.networkEndpointGroups', 'compute.healthChecks'],
  ['compute.globalAddresses', 'compute.firewalls'],
];

/** Rows of a workload that its gateway has, and not its identity. */
export function gatewayRows(rows: readonly CloudResource[]): CloudResource[] {
  const types = new Set<string>(tiers.flat());
  return rows.filter(({ type }) => types.has(type));
}

/** Takes a project's load balancer one step further, and what it does not need any more away. */
export async function applyBalancer(
  deps: GcpDeps,
  rows: readonly CloudResource[],
  wanted: WantedBalancer,
): Promise<BalancerProgress> {
  const settle = <T extends CloudType>(one: Wanted<T>): Promise<Piece> => settleOne(deps, rows, one);
  const [address, healthCheck, firewalls, endpoints] = await Promise.all([
    settle(wanted.address),
    settle(wanted.healthCheck),
    settleAll(wanted.firewalls.map(settle)),
    settleAll(wanted.endpoints.map(settle)),
  ]);
  const made = new Map(wanted.endpoints.map(({ name }, index) => [name, endpoints[index]?.stage]));
  const reserved = address.stage.at === 'ready' ? address.stage.row.facts[addressFact] : undefined;
  const listeners = await settleAll(
    wanted.listeners.map((listener) =>
      applyListener(settle, listener, { address: reserved, isChecked: healthCheck.stage.at === 'ready', made }),
    ),
  );
  const pieces = [address, ...firewalls, healthCheck, ...endpoints, ...listeners.flat()];
  const known = wantedNames(wanted);
  const left = rows.filter((row) => !known.has(`${row.type} ${row.scope} ${row.name}`));
  // Old groups are let go of by the services, and machines get their new firewall before they lose the old one.
  const isSettled = pieces.every(
    ({ type, stage }) => stage.at === 'ready' || (type !== 'compute.backendServices' && type !== 'compute.firewalls'),
  );
  const areServed = wanted.listeners.length === listeners.filter((each) => each.length > 0).length;
  const leaving = await dropInOrder(left, (row) => drop(deps, row), isSettled && areServed ? tiers.length : 3);
  return { address: reserved || undefined, pieces, leaving };
}

/** Deletes pieces, each after those that refer to it; only the first `reach` tiers of them. Answers what is not gone yet. */
export async function dropInOrder(
  rows: readonly CloudResource[],
  dropOne: (row: CloudResource) => Promise<Stage>,
  reach = tiers.length,
): Promise<Piece[]> {
  for (const tier of tiers.slice(0, reach)) {
    const own = rows.filter(({ type }) => tier.some((one) => one === type));
    const stages = await settleAll(own.map(dropOne));
    // Each row's type is one of the tier's.
    const left = stages.flatMap((stage, index) =>
      stage.at === 'gone' ? [] : [{ type: own[index]?.type as CloudType, stage }],
    );
    if (left.length > 0) return left;
  }
  return [];
}

/** Service, proxy and rule, one after the other; those that cannot be made yet are not among the answer. */
async function applyListener(
  settle: <T extends CloudType>(one: Wanted<T>) => Promise<Piece>,
  listener: WantedListener,
  {
    address,
    isChecked,
    made,
  }: {
    readonly address: string | undefined;
    readonly isChecked: boolean;
    readonly made: ReadonlyMap<string, Stage | undefined>;
  },
): Promise<Piece[]> {
  const groups = listener.endpoints ?? [];
  // A group that cannot be made does not keep the others from serving.
  if (!isChecked || groups.some(({ name }) => isComing(made.get(name)))) return [];
  const service = await settle(listener.service(groups.filter(({ name }) => isMade(made.get(name)))));
  if (service.stage.at !== 'ready') return [service];
  const proxy = await settle(listener.proxy);
  if (proxy.stage.at !== 'ready' || !address) return [service, proxy];
  return [service, proxy, await settle(listener.rule(address))];
}

function isMade(stage: Stage | undefined): boolean {
  if (stage?.at === 'ready') return true;
  const row = stage !== undefined && 'row' in stage ? stage.row : undefined;
  return row !== undefined && (row.verb === 'patch' || row.verb === 'none');
}

function isComing(stage: Stage | undefined): boolean {
  return stage?.at === 'waiting' && !isMade(stage);
}

async function settleOne<T extends CloudType>(
  deps: GcpDeps,
  rows: readonly CloudResource[],
  wanted: Wanted<T>,
): Promise<Piece> {
  const { type, scope, name } = wanted;
  const row = rows.find((one) => one.type === type && one.scope === scope && one.name === name);
  const stage = await ensure(deps, wanted, row);
  // What cannot be changed, and whom nobody would miss for a moment, is made anew.
  const isStuck = stage.at === 'failed' && stage.failure.code === mustReplace.code;
  return { type, stage: isStuck && type === 'compute.globalForwardingRules' ? await drop(deps, stage.row) : stage };
}

function wantedNames({ address, healthCheck, firewalls, endpoints, listeners }: WantedBalancer): Set<string> {
  const pieces = [address, healthCheck, ...firewalls, ...endpoints];
  const perListener = listeners.flatMap(({ proxy: { name } }) =>
    (['compute.backendServices', 'compute.targetTcpProxies', 'compute.globalForwardingRules'] as const).map(
      (type) => `${type} global ${name}`,
    ),
  );
  return new Set([...pieces.map(({ type, scope, name }) => `${type} ${scope} ${name}`), ...perListener]);
}

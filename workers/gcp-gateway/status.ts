import type { Workload, WorkloadGatewayStatus } from '../../kinds/generated/types.ts';
import type { CloudType } from '../clouds/gcp/cloud-types.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import type { Verdict } from '../objects/condition.ts';
import { withVerdicts } from '../objects/status.ts';
import type { BalancerProgress, Piece } from './apply.ts';
import type { ListenerRoute } from './listeners.ts';

/** What a gateway waits for, by the type of the first piece that is not there, in the order of making. */
const waits: readonly (readonly [CloudType, string, string])[] = [
  ['compute.globalAddresses', 'ListenerAddressNotReady', 'its address'],
  ['compute.firewalls', 'FirewallNotReady', "the firewall for the load balancer's connections"],
  ['compute.healthChecks', 'HealthCheckNotReady', 'its health check'],
  ['compute.networkEndpointGroups', 'BackendServiceNotReady', 'the machines to be attached or detached'],
  ['compute.backendServices', 'BackendServiceNotReady', 'its backend services'],
  ['compute.targetTcpProxies', 'TargetTCPProxyNotReady', 'its proxies'],
  ['compute.globalForwardingRules', 'ForwardingRuleNotReady', 'its forwarding rules'],
];

export interface GatewayView {
  readonly routes: readonly ListenerRoute[];
  readonly balancers: readonly BalancerProgress[];
  /** Machines that connections are spread over; undefined where Google's groups know it. */
  readonly machines: number | undefined;
}

/** Condition Programmed of a gateway: whether connections to all its listeners are led to machines. */
export function programmed({ routes, balancers, machines }: GatewayView): Verdict {
  const pieces = balancers.flatMap((balancer) => balancer.pieces);
  const pending = firstPending(pieces);
  if (pending !== undefined) return pending;
  const lost = routes.filter(({ targets }) => targets.length === 0).map(({ name }) => name);
  if (lost.length > 0) return not('RouteNotFound', `No route leads from ${lost.join(', ')} to a port of the machines`);
  if (balancers.length === 0)
    return not('BackendServiceNotReady', 'Waiting for a deployment of the workload to have a place in Google Cloud');
  const isWhole = balancers.every(
    (balancer) =>
      balancer.pieces.filter(({ type }) => type === 'compute.globalForwardingRules').length === routes.length,
  );
  if (!isWhole) return not('ForwardingRuleNotReady', 'Waiting for its forwarding rules');
  if (machines === 0) return not('BackendServiceNotReady', 'Waiting for the first machine to lead connections to');
  const ports = routes.map(({ port }) => port).join(', ');
  const where =
    machines === undefined ? 'the groups of machines' : machines === 1 ? '1 machine' : `${machines} machines`;
  const stuck = balancers
    .flatMap(({ leaving }) => leaving)
    .flatMap(({ stage }) => (stage.at === 'failed' ? [`; not needed any more: ${describe(stage)}`] : []));
  const message = `Connections to ports ${ports} are led to ${where}${stuck[0] ?? ''}`;
  return { type: 'Programmed', status: 'True', reason: 'GatewayResourcesReady', message };
}

function firstPending(pieces: readonly Piece[]): Verdict | undefined {
  for (const [type, reason, what] of waits) {
    const own = pieces.filter((piece) => piece.type === type && piece.stage.at !== 'ready');
    const failure = own.map(({ stage }) => stage).find((stage) => stage.at === 'failed');
    if (failure !== undefined) return not(reasonOf(failure.failure) ?? reason, describe(failure));
    if (own.length > 0) return not(reason, `Waiting for ${what}`);
  }
  return undefined;
}

/** What is shown while the gateway is taken away. */
export function goingVerdict(pieces: readonly Piece[]): Verdict {
  const failure = pieces.map(({ stage }) => stage).find((stage) => stage.at === 'failed');
  return not('Deleting', failure === undefined ? 'The load balancer is being deleted' : describe(failure));
}

function not(reason: string, message: string): Verdict {
  return { type: 'Programmed', status: 'False', reason, message };
}

/** The gateway's part of a workload's status. */
export function gatewayStatus(
  { status, metadata }: Workload,
  addresses: readonly (string | undefined)[],
  verdict: Verdict,
): WorkloadGatewayStatus {
  return {
    addresses: addresses.flatMap((value) => (value === undefined ? [] : [{ type: 'IPAddress', value }])),
    conditions: withVerdicts(status?.gateway?.conditions ?? [], [verdict], { observedGeneration: metadata.generation }),
  };
}

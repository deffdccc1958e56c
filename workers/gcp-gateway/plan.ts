import type { Workload } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { backendServiceBody, type Backends } from '../clouds/gcp/balancing/backend-services.ts';
import { endpointGroupBody } from '../clouds/gcp/balancing/endpoint-groups.ts';
import { forwardingRuleBody } from '../clouds/gcp/balancing/forwarding-rules.ts';
import { globalAddressBody } from '../clouds/gcp/balancing/global-addresses.ts';
import { healthCheckBody } from '../clouds/gcp/balancing/health-checks.ts';
import { tcpProxyBody } from '../clouds/gcp/balancing/tcp-proxies.ts';
import type { CloudBody, CloudType } from '../clouds/gcp/cloud-types.ts';
import { firewallBody, type FirewallRule } from '../clouds/gcp/firewalls.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import {
  endpointGroupName,
  gatewayFirewallName,
  gatewayName,
  interfaceTag,
  listenerName,
  subnetworkName,
} from '../clouds/gcp/names.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { factsOf } from '../gcp-objects/firewalls/firewall-set.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import type { Backend } from './backends.ts';
import type { ListenerRoute, TargetPort } from './listeners.ts';

/** Where Google's health checks and proxies come from. */
const proxyRanges = ['130.211.0.0/22', '35.191.0.0/16'];
/** Before all rules of policies: who may reach the gateway is everybody, and who is led on is the gateway. */
const firewallPriority = 1_000;

export type WantedEndpoints = Wanted<'compute.networkEndpointGroups'> & { readonly port: number };

/** A listener that leads somewhere. */
export interface WantedListener {
  readonly route: ListenerRoute;
  /** Groups of endpoints among which connections are spread; undefined where the groups of machines do it. */
  readonly endpoints: readonly WantedEndpoints[] | undefined;
  service(backends: readonly WantedEndpoints[]): Wanted<'compute.backendServices'>;
  readonly proxy: Wanted<'compute.targetTcpProxies'>;
  rule(address: string): Wanted<'compute.globalForwardingRules'>;
}

/** The pieces of a load balancer in one project. */
export interface WantedBalancer {
  readonly account: string;
  readonly address: Wanted<'compute.globalAddresses'>;
  readonly healthCheck: Wanted<'compute.healthChecks'>;
  readonly firewalls: readonly Wanted<'compute.firewalls'>[];
  readonly endpoints: readonly WantedEndpoints[];
  readonly listeners: readonly WantedListener[];
}

export interface BalancerQuestion {
  readonly account: string;
  readonly routes: readonly ListenerRoute[];
  /** Those in the project. */
  readonly backends: readonly Backend[];
  /** Of the workload. */
  readonly rows: readonly CloudResource[];
  readonly by: By;
}

/** What a workload's gateway is in a project. */
export function wantedBalancer(workload: Workload, question: BalancerQuestion): WantedBalancer {
  const { account, routes, backends, rows, by } = question;
  const { uid } = workload.metadata;
  const marker = { ownerKind: 'Workload', ownerUid: uid };
  const wanted = <T extends CloudType>(type: T, name: string, body: CloudBody<T>, scope = 'global'): Wanted<T> => ({
    ...ownedIn(workload, by),
    account,
    scope,
    type,
    name,
    body,
    specHash: specHash(body),
  });
  const served = routes.filter(({ targets }) => targets.length > 0);
  const ports = [...new Set(served.flatMap(({ targets }) => targets.map(({ port }) => port)))].toSorted(
    (a, b) => a - b,
  );
  // A backend service has groups of one sort only, and a group of machines gives one port to it.
  const areGroups = backends.length > 0 && backends.every(({ isGroup }) => isGroup);
  const isByGroups = ({ targets }: ListenerRoute): boolean => areGroups && targets.length === 1;
  const endpointPorts = new Set(
    served.filter((route) => !isByGroups(route)).flatMap(({ targets }) => targets.map(({ port }) => port)),
  );

  const endpoints = backends.flatMap((backend) =>
    ports
      .filter((port) => endpointPorts.has(port))
      .flatMap((port) => endpointGroups(backend, port, rows))
      .map(({ name, scope, port, subnetUid, machines }): WantedEndpoints => {
        const body = endpointGroupBody({
          account,
          region: backend.place.region,
          name,
          network: backend.network,
          subnetwork: subnetworkName(subnetUid),
          port,
          endpoints: machines.map((machine) => ({ instance: machine.name, ipAddress: machine.ipAddress, port })),
          marker,
        });
        const incarnations = machines.map(({ targetId }) => targetId).toSorted();
        return {
          ...wanted('compute.networkEndpointGroups', name, body, scope),
          specHash: specHash([body, incarnations]),
          port,
        };
      }),
  );

  const firewalls = ports.length === 0 ? [] : backends.map((backend) => firewallOf(backend, ports));
  function firewallOf({ deploymentUid, network }: Backend, open: readonly number[]): Wanted<'compute.firewalls'> {
    const tag = interfaceTag(deploymentUid, 0);
    const rule: FirewallRule = {
      action: 'allow',
      direction: 'INGRESS',
      priority: firewallPriority,
      ranges: proxyRanges,
      matches: [{ protocol: 'tcp', ports: open.map(String) }],
    };
    const name = gatewayFirewallName(uid, { network, tag, rule });
    const body = firewallBody({ account, name, network, targetTag: tag, rule, marker });
    return { ...wanted('compute.firewalls', name, body), facts: factsOf(rule, tag) };
  }

  function listenerOf(route: ListenerRoute): WantedListener {
    const name = listenerName(uid, route.port);
    const isMine = ({ port }: WantedEndpoints): boolean => route.targets.some((target) => target.port === port);
    const [target] = route.targets;
    return {
      route,
      endpoints: isByGroups(route) ? undefined : endpoints.filter(isMine),
      service: (made) =>
        wanted(
          'compute.backendServices',
          name,
          backendServiceBody({
            account,
            name,
            healthCheck: gatewayName(uid),
            backends:
              target !== undefined && isByGroups(route)
                ? machineGroups(backends, target)
                : { kind: 'endpoints', groups: made.map(({ scope, name: group }) => ({ scope, name: group })) },
            marker,
          }),
        ),
      proxy: wanted('compute.targetTcpProxies', name, tcpProxyBody(account, { name, service: name }, marker)),
      rule: (address) =>
        wanted(
          'compute.globalForwardingRules',
          name,
          forwardingRuleBody(account, { name, address, port: route.port, proxy: name }, marker),
        ),
    };
  }

  return {
    account,
    address: wanted('compute.globalAddresses', gatewayName(uid), globalAddressBody(gatewayName(uid), marker)),
    healthCheck: wanted('compute.healthChecks', gatewayName(uid), healthCheckBody(gatewayName(uid), marker)),
    firewalls,
    endpoints,
    listeners: served.map(listenerOf),
  };
}

function machineGroups(backends: readonly Backend[], { name }: TargetPort): Backends {
  const groups = backends.flatMap(({ group }) => (group ? [{ scope: group.scope, name: group.name }] : []));
  return { kind: 'machines', portName: name, groups };
}

/** The groups of endpoints of a deployment's port: by zone and subnet. One that is there stays though it may be empty. */
function endpointGroups(backend: Backend, port: number, rows: readonly CloudResource[]) {
  const { deploymentUid, subnets, machines } = backend;
  const scopes = [...new Set([`zones/${backend.place.zone}`, ...machines.map(({ scope }) => scope)])].toSorted();
  return scopes.flatMap((scope) =>
    subnets.flatMap((subnetUid) => {
      const name = endpointGroupName(deploymentUid, { scope, subnetUid, port });
      const within = machines.filter((machine) => machine.scope === scope && machine.subnetUid === subnetUid);
      const isKept = rows.some((row) => row.type === 'compute.networkEndpointGroups' && row.name === name);
      return within.length > 0 || isKept ? [{ name, scope, port, subnetUid, machines: within }] : [];
    }),
  );
}

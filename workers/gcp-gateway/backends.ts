import { BlockList } from 'node:net';
import type { Instance, Subnet, Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../store/types.ts';
import { networkIpFact } from '../clouds/gcp/instances.ts';
import { networkName } from '../clouds/gcp/names.ts';
import type { Place } from '../clouds/gcp/places.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { isTrue } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';

/** A machine that connections can go to. */
export interface Machine {
  readonly scope: string;
  readonly name: string;
  readonly ipAddress: string;
  readonly subnetUid: string;
  /** Id of its incarnation: one that was made anew has to be attached again. */
  readonly targetId: string;
}

/** The machines of a deployment, as far as they are there. */
export interface Backend {
  readonly deploymentUid: string;
  readonly place: Place;
  /** VPC network of the first interface. */
  readonly network: string;
  /** Uids of the subnets that machines may be in now. */
  readonly subnets: readonly string[];
  /** The group that Google manages, once it is there; undefined where machines are ours. */
  readonly group: CloudResource | undefined;
  readonly isGroup: boolean;
  readonly machines: readonly Machine[];
}

export interface Backends {
  readonly backends: readonly Backend[];
  /** Whether every deployment has a place, and there is one at all: then who is elsewhere is not needed any more. */
  readonly complete: boolean;
  /** Projects that deployments are in, with or without machines yet. */
  readonly accounts: readonly string[];
}

/** Reads where a workload's machines are. */
export async function readBackends(deps: GcpDeps, context: RequestContext, workload: Workload): Promise<Backends> {
  const { items } = await deps.store.list(context, 'WorkloadDeployment', { owner: workload.metadata.uid });
  const staying = items.filter((deployment) => !isDeleting(deployment));
  const placed = await settleAll(
    staying.map(async (deployment) => {
      const { location } = deployment.status ?? {};
      const found = location && (await deps.store.get(context, 'Location', location));
      return { deployment, place: placeOf(found, deps.locationClass), isPlaced: found !== undefined };
    }),
  );
  const read = await settleAll(
    placed.flatMap(({ deployment, place }) => (place ? [readBackend(deps, context, deployment, place)] : [])),
  );
  return {
    backends: read.filter((backend) => backend !== undefined),
    complete: placed.length > 0 && placed.every(({ isPlaced }) => isPlaced),
    accounts: [...new Set(placed.flatMap(({ place }) => place?.account ?? []))].toSorted(),
  };
}

async function readBackend(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  place: Place,
): Promise<Backend | undefined> {
  const { uid, namespace = '' } = deployment.metadata;
  const network = deployment.spec.template.spec.networkInterfaces[0]?.network;
  const location = deployment.status?.location;
  if (network === undefined || location === undefined) return undefined;
  const key = { namespace: network.namespace ?? namespace, name: network.name };
  const [found, contexts, { items: instances }] = await Promise.all([
    deps.store.get(context, 'Network', key),
    deps.store.list(context, 'NetworkContext', { refersTo: { kind: 'Network', ...key } }),
    deps.store.list(context, 'Instance', { owner: uid }),
  ]);
  const here = contexts.items.find(
    ({ spec }) => spec.location.name === location.name && spec.location.namespace === location.namespace,
  );
  if (found === undefined || here === undefined || !isTrue(here, 'Programmed')) return undefined;
  const [{ items: subnets }, rows] = await Promise.all([
    deps.store.list(context, 'Subnet', { refersTo: { kind: 'NetworkContext', ...keyOf(here) } }),
    deps.cloudResources.ofOwners([uid, ...instances.map(({ metadata }) => metadata.uid)]),
  ]);
  const isGroup = deployment.status?.instanceMode === 'Group';
  const usable = subnets.filter((subnet) => subnet.spec.ipFamily === 'IPv4' && !isDeleting(subnet));
  return {
    deploymentUid: uid,
    place,
    network: networkName(found.metadata.uid),
    subnets: usable.map(({ metadata }) => metadata.uid),
    isGroup,
    group: rows.find(({ type, verb }) => type === 'compute.instanceGroupManagers' && isThere(verb)),
    machines: instances.flatMap((instance) => machineOf(instance, rows, usable) ?? []),
  };
}

/** The machine of an instance; undefined while there is none, or when it is about to go. */
function machineOf(
  instance: Instance,
  rows: readonly CloudResource[],
  subnets: readonly Subnet[],
): Machine | undefined {
  if (isDeleting(instance)) return undefined;
  const { uid } = instance.metadata;
  const row = rows.find(({ type, ownerUid }) => type === 'compute.instances' && ownerUid === uid);
  const ipAddress = row?.facts[networkIpFact(0)];
  if (row?.targetId === undefined || !ipAddress || !isThere(row.verb) || row.state === 'gone') return undefined;
  const subnetUid = subnets.find((subnet) => contains(subnet, ipAddress))?.metadata.uid;
  if (subnetUid === undefined) return undefined;
  return { scope: row.scope, name: row.name, ipAddress, subnetUid, targetId: row.targetId };
}

/** What is neither being made nor being deleted. */
function isThere(verb: CloudResource['verb']): boolean {
  return verb === 'none' || verb === 'patch';
}

function contains({ status }: Subnet, address: string): boolean {
  const { startAddress, prefixLength } = status ?? {};
  if (startAddress === undefined || prefixLength === undefined) return false;
  const block = new BlockList();
  block.addSubnet(startAddress, prefixLength, 'ipv4');
  return block.check(address, 'ipv4');
}

import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { accessOf } from './access-configs.ts';
import { type CloudApi, type Observation, type Projection, zoneOf } from './cloud-object.ts';
import { machineDisruption } from './machine-changes.ts';
import { bootHashLabel, metadataHashLabel } from './machine-labels.ts';
import { changeMachine } from './machine-steps.ts';
import { markerOfLabels } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';
import { ipv6AddressOf } from './stacks.ts';
import { nameIn, normalReference } from './references.ts';

export type InstanceBody = compute_v1.Schema$Instance;

/** What the answer must hold; the rest of it is large and not ours. */
const fields =
  'id,name,status,statusMessage,labels,machineType,tags/items,serviceAccounts(email,scopes),networkInterfaces(name,network,subnetwork,networkIP,accessConfigs(name,natIP),stackType,ipv6Address,ipv6AccessConfigs/externalIpv6),disks(boot,deviceName,source,diskSizeGb)';

function projection(instance: InstanceBody, account: string): Projection {
  const boot = instance.disks?.find((disk) => disk.boot);
  const others = (instance.disks ?? []).filter((disk) => !disk.boot);
  return {
    boot: instance.labels?.[bootHashLabel],
    bootDiskGb: Number(boot?.initializeParams?.diskSizeGb ?? boot?.diskSizeGb ?? 0),
    // By device name, so that their order does not matter.
    disks: Object.fromEntries(
      others.map(({ deviceName, source }) => [deviceName ?? '', normalReference(source ?? '', account)]),
    ),
    metadata: instance.labels?.[metadataHashLabel],
    machineType: nameIn(instance.machineType ?? ''),
    tags: instance.tags?.items?.toSorted(),
    serviceAccounts: instance.serviceAccounts?.map(({ email, scopes }) =>
      [email, ...(scopes ?? []).toSorted()].join(' '),
    ),
    stacks: instance.networkInterfaces?.map(({ stackType }) => stackType ?? 'IPV4_ONLY'),
    externalAccess: instance.networkInterfaces?.map(accessOf),
    networkInterfaces: instance.networkInterfaces?.map(({ network, subnetwork, networkIP }) => ({
      network: normalReference(network ?? '', account),
      subnetwork: normalReference(subnetwork ?? '', account),
      networkIP,
    })),
  };
}

/** Facts of an interface, by its index. */
export function networkIpFact(index: number): string {
  return `networkIP${index}`;
}

export function externalIpFact(index: number): string {
  return `externalIP${index}`;
}

export function networkIpv6Fact(index: number): string {
  return `networkIPv6${index}`;
}

export function externalIpv6Fact(index: number): string {
  return `externalIPv6${index}`;
}

/** States in which a machine stays until something happens to it. */
export const restingStates: ReadonlySet<string> = new Set(['RUNNING', 'TERMINATED', 'STOPPED', 'SUSPENDED']);

function observe(instance: InstanceBody, account: string): Observation {
  const status = instance.status ?? 'PROVISIONING';
  const facts: Record<string, string> = {
    status,
    ...(instance.statusMessage ? { statusMessage: instance.statusMessage } : {}),
  };
  for (const [index, nic] of (instance.networkInterfaces ?? []).entries()) {
    const { networkIP, accessConfigs, ipv6AccessConfigs } = nic;
    facts[networkIpFact(index)] = networkIP ?? '';
    // Empty while the machine is stopped: an address that it does not have any more is no fact.
    facts[externalIpFact(index)] = accessConfigs?.[0]?.natIP ?? '';
    facts[networkIpv6Fact(index)] = ipv6AddressOf(nic);
    facts[externalIpv6Fact(index)] = ipv6AccessConfigs?.[0]?.externalIpv6 ?? '';
  }
  return {
    targetId: instance.id ?? '',
    marker: markerOfLabels(instance.labels),
    projection: projection(instance, account),
    facts,
    settled: restingStates.has(status),
  };
}

/** Fact of a machine that was stopped to be changed, and is to be started when it is. */
export const startAgainFact = 'startAgain';

/** Machines are changed as far as Google lets them be; see machine-changes.ts. */
export const instances: CloudApi<InstanceBody> = {
  visibleAtOnce: true,
  readBack: true,
  projection,
  async insert({ compute }, ref, requestBody, requestId) {
    const { data } = await compute.instances.insert({
      project: ref.account,
      zone: zoneOf(ref),
      requestId,
      requestBody,
    });
    return progressOf(data);
  },
  async get({ compute }, ref) {
    const found = await existing(() =>
      compute.instances.get({ project: ref.account, zone: zoneOf(ref), instance: ref.name, fields }),
    );
    return found && observe(found, ref.account);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() =>
      compute.instances.delete({ project: ref.account, zone: zoneOf(ref), instance: ref.name, requestId }),
    ),
  stepwise: true,
  disruption: machineDisruption,
  before: (declared, { projection: observed, facts }) =>
    machineDisruption(declared, observed) === 'NeedsStop' && facts['status'] === 'RUNNING'
      ? { [startAgainFact]: 'true' }
      : {},
  patch: (client, ref, body, requestId) => changeMachine(client, ref, body, requestId, projection),
  list: ({ compute }, account, scope) =>
    observeAll(
      (page) =>
        compute.instances.list({
          project: account,
          zone: zoneOf({ scope }),
          ...page,
          fields: `nextPageToken,items(${fields})`,
        }),
      (instance) => observe(instance, account),
    ),
};

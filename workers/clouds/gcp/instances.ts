import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type Observation, type Projection, zoneOf } from './cloud-object.ts';
import { GcpError, mustReplace } from './errors.ts';
import { specHash } from './hash.ts';
import { markerOfLabels } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';
import { nameIn, normalReference } from './references.ts';

export type InstanceBody = compute_v1.Schema$Instance;

/** What the answer must hold; the rest of it is large and not ours. */
const fields =
  'id,name,status,statusMessage,labels,machineType,tags/items,serviceAccounts/email,networkInterfaces(network,subnetwork,networkIP,accessConfigs/natIP)';

function projection(instance: InstanceBody, account: string): Projection {
  return {
    machineType: nameIn(instance.machineType ?? ''),
    tags: instance.tags?.items?.toSorted(),
    serviceAccounts: instance.serviceAccounts?.map(({ email }) => email),
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

/** States in which a machine stays until something happens to it. */
const restingStates = new Set(['RUNNING', 'TERMINATED', 'STOPPED', 'SUSPENDED']);

function observe(instance: InstanceBody, account: string): Observation {
  const status = instance.status ?? 'PROVISIONING';
  const facts: Record<string, string> = {
    status,
    ...(instance.statusMessage ? { statusMessage: instance.statusMessage } : {}),
  };
  for (const [index, { networkIP, accessConfigs }] of (instance.networkInterfaces ?? []).entries()) {
    facts[networkIpFact(index)] = networkIP ?? '';
    // Empty while the machine is stopped: an address that it does not have any more is no fact.
    facts[externalIpFact(index)] = accessConfigs?.[0]?.natIP ?? '';
  }
  return {
    targetId: instance.id ?? '',
    marker: markerOfLabels(instance.labels),
    projection: projection(instance, account),
    facts,
    settled: restingStates.has(status),
  };
}

/** Machines are made and unmade, and only their tags are changed: another template is another machine. */
export const instances: CloudApi<InstanceBody> = {
  visibleAtOnce: true,
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
  async patch({ compute }, ref, body, requestId) {
    const place = { project: ref.account, zone: zoneOf(ref), instance: ref.name };
    const { data } = await compute.instances.get({ ...place, fields: `${fields},tags/fingerprint` });
    const retagged = { ...data, tags: { items: body.tags?.items ?? [] } };
    if (specHash(projection(retagged, ref.account)) !== specHash(projection(body, ref.account)))
      throw new GcpError(mustReplace);
    const requestBody = { items: body.tags?.items ?? [], fingerprint: data.tags?.fingerprint ?? null };
    return progressOf((await compute.instances.setTags({ ...place, requestId, requestBody })).data);
  },
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

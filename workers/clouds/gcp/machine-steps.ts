import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { changeAccess } from './access-configs.ts';
import type { GcpClient } from './client.ts';
import { type CloudRef, type Progress, type Projection, zoneOf } from './cloud-object.ts';
import { GcpError, mustReplace, notStopped } from './errors.ts';
import { type MachineField, machineChanges } from './machine-changes.ts';
import { bootHashLabel, isOwnMetadata, metadataHashLabel } from './machine-labels.ts';
import { progressOf } from './operations.ts';
import { changeStack } from './stacks.ts';
import { nameIn, normalReference } from './references.ts';

type Instance = compute_v1.Schema$Instance;
type Item = NonNullable<NonNullable<Instance['metadata']>['items']>[number];

/** What has to be read of a machine before it can be changed: fingerprints, and all that is replaced as a whole. */
const fields =
  'status,labels,labelFingerprint,machineType,tags,metadata,serviceAccounts,disks,networkInterfaces(name,network,subnetwork,networkIP,accessConfigs(name,natIP),stackType,fingerprint)';

/** A machine as it is and as it should be, and how to address it. */
interface Step {
  readonly place: { readonly project: string; readonly zone: string; readonly instance: string };
  readonly requestId: string;
  readonly is: Instance;
  readonly should: Instance;
}

/**
 * Takes a machine one call towards a body: it is stopped before what can only be changed while it is, and stays so; who
 * stopped it starts it. Throws mustReplace for what cannot be changed at all.
 */
export async function changeMachine(
  client: GcpClient,
  ref: CloudRef,
  should: Instance,
  requestId: string,
  projection: (instance: Instance, account: string) => Projection,
): Promise<Progress> {
  const { compute } = client;
  const place = { project: ref.account, zone: zoneOf(ref), instance: ref.name };
  const { data: is } = await compute.instances.get({ ...place, fields });
  const [change] = machineChanges(projection(should, ref.account), projection(is, ref.account));
  if (change === undefined) return { done: true };
  if (change.disruption === 'NeedsReplace') throw new GcpError(mustReplace);
  if (change.disruption === 'NeedsStop' && is.status !== 'TERMINATED') {
    if (is.status !== 'RUNNING' && is.status !== 'SUSPENDED') throw new GcpError(notStopped);
    return progressOf((await compute.instances.stop({ ...place, requestId })).data);
  }
  const { data } = await steps[change.field](client, { place, requestId, is, should });
  return progressOf(data);
}

type Call = (client: GcpClient, step: Step) => Promise<{ data: compute_v1.Schema$Operation }>;

const steps: Readonly<Record<MachineField, Call>> = {
  boot: () => Promise.reject(new GcpError(mustReplace)),
  networkInterfaces: () => Promise.reject(new GcpError(mustReplace)),
  machineType: ({ compute }, { place, requestId, should }) =>
    compute.instances.setMachineType({
      ...place,
      requestId,
      requestBody: { machineType: should.machineType ?? null },
    }),
  serviceAccounts: ({ compute }, { place, requestId, should }) =>
    compute.instances.setServiceAccount({ ...place, requestId, requestBody: { ...should.serviceAccounts?.[0] } }),
  externalAccess: (client, { place, requestId, is, should }) =>
    changeAccess(client, { ...place, requestId }, is.networkInterfaces ?? [], should.networkInterfaces ?? []),
  stacks: (client, { place, requestId, is, should }) =>
    changeStack(client, { ...place, requestId }, is.networkInterfaces ?? [], should.networkInterfaces ?? []),
  bootDiskGb: ({ compute }, { place: { project, zone }, requestId, is, should }) => {
    const disk = nameIn(is.disks?.find(({ boot }) => boot)?.source ?? '');
    const sizeGb = should.disks?.find(({ boot }) => boot)?.initializeParams?.diskSizeGb ?? null;
    return compute.disks.resize({ project, zone, disk, requestId, requestBody: { sizeGb } });
  },
  disks: changeDisks,
  metadata: changeMetadata,
  tags: ({ compute }, { place, requestId, is, should }) =>
    compute.instances.setTags({
      ...place,
      requestId,
      requestBody: { items: should.tags?.items ?? [], fingerprint: is.tags?.fingerprint ?? null },
    }),
};

/** What should not be there is taken off first: its device name may be that of another. */
async function changeDisks({ compute }: GcpClient, { place, requestId, is, should }: Step) {
  const account = place.project;
  const same = (a: compute_v1.Schema$AttachedDisk, b: compute_v1.Schema$AttachedDisk): boolean =>
    a.deviceName === b.deviceName &&
    normalReference(a.source ?? '', account) === normalReference(b.source ?? '', account);
  const [there, wanted] = [is.disks ?? [], should.disks ?? []].map((all) => all.filter(({ boot }) => !boot));
  const surplus = there?.find((one) => !wanted?.some((other) => same(one, other)));
  if (surplus !== undefined)
    return compute.instances.detachDisk({ ...place, requestId, deviceName: surplus.deviceName ?? '' });
  const missing = wanted?.find((one) => !there?.some((other) => same(one, other)));
  return compute.instances.attachDisk({ ...place, requestId, requestBody: { ...missing } });
}

/** Our items first, then the hash that says which those are; items of others stay. */
async function changeMetadata({ compute }: GcpClient, { place, requestId, is, should }: Step) {
  const others = (is.metadata?.items ?? []).filter(({ key }) => !isOwnMetadata(key ?? ''));
  const own = should.metadata?.items ?? [];
  if (!holds(is.metadata?.items ?? [], own)) {
    const requestBody = { items: [...own, ...others], fingerprint: is.metadata?.fingerprint ?? null };
    return compute.instances.setMetadata({ ...place, requestId, requestBody });
  }
  const labels = {
    ...is.labels,
    [metadataHashLabel]: should.labels?.[metadataHashLabel] ?? '',
    [bootHashLabel]: should.labels?.[bootHashLabel] ?? '',
  };
  return compute.instances.setLabels({
    ...place,
    requestId,
    requestBody: { labels, labelFingerprint: is.labelFingerprint ?? null },
  });
}

/** Whether the items of ours among these are exactly the wanted ones. */
function holds(items: readonly Item[], wanted: readonly Item[]): boolean {
  const own = items.filter(({ key }) => isOwnMetadata(key ?? ''));
  return (
    own.length === wanted.length &&
    wanted.every(({ key, value }) => own.some((one) => one.key === key && one.value === value))
  );
}

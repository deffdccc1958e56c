import type { Instance, NetworkInterfaceStatus, SecretVersionStatus } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../store/types.ts';
import { guestDocument, maxMetadataBytes } from '../clouds/gcp/guest/document.ts';
import { userData } from '../clouds/gcp/guest/user-data.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import type { DeprecationReader } from '../clouds/gcp/image-deprecation.ts';
import type { ImageResolver } from '../clouds/gcp/images.ts';
import { networkIpFact, networkIpv6Fact } from '../clouds/gcp/instances.ts';
import { withIpv6Addresses } from '../clouds/gcp/stacks.ts';
import { machineBody } from '../clouds/gcp/machine.ts';
import { instanceName, serviceAccountEmail, serviceAccountName } from '../clouds/gcp/names.ts';
import type { Place } from '../clouds/gcp/places.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { networksOf } from '../gcp-objects/firewalls/members.ts';
import { policyTagsFact, policyTagsOf } from '../gcp-objects/firewalls/world.ts';
import { actAsFact, serviceAccountRow } from '../gcp-objects/identity.ts';
import { ownedIn } from '../gcp-objects/owned.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import { deploymentUidLabel } from '../objects/labels.ts';
import { addressesFor } from './addresses.ts';
import { type DataDisk, dataDisksOf } from './data-disks.ts';
import { namesUsed, secretVersionsOf } from './content.ts';
import { guestOf, hasSpilled } from './guest.ts';
import { bootDiskOf, interfaceStatus, machineTypeOf, type Missing } from './plan.ts';
import type { Policies } from './policies.ts';
import { externalAccessOf } from './reserved-addresses.ts';
import { resolvedImage } from './resolved-image.ts';
import type { InterfacePlace, Surroundings } from './surroundings.ts';
import { triedZonesFact } from './zone-choice.ts';

export interface MachineDeps extends GcpDeps {
  readonly controller: string;
  readonly surroundings: Surroundings;
  readonly policies: Policies;
  readonly resolveImage: ImageResolver;
  readonly deprecationOf: DeprecationReader;
}

export interface InstanceContext {
  readonly place: Place;
  /** Zones that had no machine left before that of the place. */
  readonly triedZones: readonly string[];
  readonly workloadUid: string;
  /** Rows of the instance and of its workload. */
  readonly rows: readonly CloudResource[];
  /** The machine's own, if there is one. */
  readonly row: CloudResource | undefined;
}

/** A machine that can be made, or what is missing for it and the addresses that it has already. */
export type MachineOrMissing =
  | {
      readonly wanted: Wanted<'compute.instances'>;
      readonly secretVersions: readonly SecretVersionStatus[];
      readonly addresses: readonly string[];
      /** Uids of the IPv6 subnets that interfaces have addresses in, by interface. */
      readonly ipv6Subnets: readonly (string | undefined)[];
      readonly disks: readonly DataDisk[];
    }
  | {
      readonly missing: Missing;
      readonly networkInterfaces: NetworkInterfaceStatus[] | undefined;
    };

export function isMachine(result: MachineOrMissing): result is Extract<MachineOrMissing, { wanted: unknown }> {
  return 'wanted' in result;
}

export const sshKeysAnnotation = 'compute.datumapis.com/ssh-keys';
/** Fact of the image that a machine was made from: the same one when it is made again. */
export const imageFact = 'image';
/** Fact of what that image was resolved from: another source is resolved anew. */
const imageSourceFact = 'imageSource';
/** Fact of the restart that a machine was asked for last; one that is made needs none. */
export const restartedAtFact = 'restartedAt';

/** Resolves everything that an instance's machine is made of, in the order in which things can be missing. */
export async function wantedMachine(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  about: InstanceContext,
): Promise<MachineOrMissing> {
  const { place, triedZones, workloadUid, rows, row } = about;
  const { uid, labels, annotations } = instance.metadata;
  const interfaces = await interfacesOf(deps, context, instance);
  if ('reason' in interfaces) return { missing: interfaces, networkInterfaces: undefined };
  const found = await addressesFor(
    deps,
    {
      project: context.project,
      namespace: keyOf(instance).namespace,
      uid,
      mayHaveSome: row !== undefined || instance.status?.networkInterfaces !== undefined,
    },
    interfaces,
  );
  if ('reason' in found) {
    deps.surroundings.clear();
    return { missing: found, networkInterfaces: undefined };
  }
  const addresses = found.map(({ address }) => address);
  const lacking = (missing: Missing): MachineOrMissing => ({
    missing,
    networkInterfaces: interfaceStatus(addresses, undefined),
  });

  const email = serviceAccountEmail(place.account, serviceAccountName(workloadUid));
  const missingAccount = accountMissing(deps, serviceAccountRow(rows, place.account));
  if (missingAccount !== undefined) return lacking(missingAccount);
  const disks = dataDisksOf(instance);
  if ('reason' in disks) return lacking(disks);
  const content = { ...(await contentOf(deps, context, instance)), rows, workloadUid, account: place.account, email };
  const guest = guestOf(instance, content, disks);
  if ('reason' in guest) return lacking(guest);
  const document = guestDocument(guest);
  const tooLarge = sizeProblem(document);
  if (tooLarge !== undefined) return lacking(tooLarge);
  const bootDisk = bootDiskOf(instance);
  if ('reason' in bootDisk) return lacking(bootDisk);
  const machineType = machineTypeOf(instance);
  if (typeof machineType !== 'string') return lacking(machineType);
  const image = await bootImage(deps, row, bootDisk.source);
  if (typeof image !== 'string') return lacking(image);

  const by = { project: context.project, controller: deps.controller };
  const external = await externalAccessOf(deps, instance, place, by);
  if ('reason' in external) return lacking(external);

  const policies = await deps.policies.tagsOf(context, instance, place.account);
  if (policies.pending.length > 0 && row === undefined) {
    const names = policies.pending.map(({ name }) => name).join(', ');
    return lacking({
      reason: 'ProgrammingInProgress',
      message: `Waiting for the rules of the policies of network ${names}`,
    });
  }
  // A machine that is there keeps its tags until the rules of its new ones are in force.
  const policyTags = policies.pending.length > 0 ? policyTagsOf(row) : policies.tags;

  const ref = { account: place.account, scope: `zones/${place.zone}`, name: instanceName(uid) };
  const sshKeys = annotations?.[sshKeysAnnotation]?.trim();
  const body = machineBody({
    ref,
    region: place.region,
    instanceUid: uid,
    deploymentUid: labels?.[deploymentUidLabel] ?? '',
    workloadUid,
    machineType,
    bootDisk: { image, sizeGb: bootDisk.sizeGb, type: bootDisk.type, deviceName: bootDisk.deviceName },
    dataDisks: disks,
    interfaces: interfaces.map(({ network, hasExternalIpv6 }, index) => ({
      network,
      subnetwork: found[index]?.subnetwork ?? '',
      address: addresses[index] ?? '',
      external: external[index] ?? 'None',
      // What has IPv6 keeps it, whatever becomes of the subnet in between.
      stack:
        found[index]?.ipv6 === undefined && !row?.facts[networkIpv6Fact(index)]
          ? 'IPv4'
          : hasExternalIpv6
            ? 'ExternalIPv6'
            : 'InternalIPv6',
    })),
    policyTags,
    serviceAccount: email,
    readsSecrets: content.secrets.size > 0 || hasSpilled(guest),
    userData: userData(instance.spec.runtime.sandbox ? 'sandbox' : 'virtualMachine'),
    guest: document,
    ...(instance.spec.runtime.virtualMachine && sshKeys ? { sshKeys } : {}),
    marker: { ownerKind: 'Instance', ownerUid: uid },
  });
  const facts = {
    [imageFact]: image,
    [triedZonesFact]: triedZones.join(),
    [imageSourceFact]: bootDisk.source,
    ...(isToBeMade(row) ? { [restartedAtFact]: instance.spec.restartedAt ?? '' } : {}),
    [policyTagsFact]: policyTags.join(),
    ...Object.fromEntries(addresses.map((address, index) => [networkIpFact(index), address])),
  };
  return {
    wanted: {
      ...ownedIn(instance, by),
      ...ref,
      type: 'compute.instances',
      body: withIpv6Addresses(
        body,
        found.map(({ ipv6Address }) => ipv6Address),
      ),
      // Which addresses Google picked first is nothing that was declared.
      specHash: specHash(body),
      facts,
    },
    addresses,
    ipv6Subnets: found.map(({ ipv6 }) => ipv6),
    disks,
    secretVersions: secretVersionsOf(instance, content),
  };
}

/** Config maps and manifest go into one value of a machine's metadata. */
export function sizeProblem(document: string): Missing | undefined {
  const bytes = Buffer.byteLength(document);
  if (bytes <= maxMetadataBytes) return undefined;
  return {
    reason: 'InvalidConfiguration',
    message: `Config maps and manifest take ${bytes} bytes; a machine's metadata has at most ${maxMetadataBytes}`,
  };
}

function isToBeMade(row: CloudResource | undefined): boolean {
  return row === undefined || row.state === 'gone' || row.verb === 'insert' || row.verb === 'delete';
}

function bootImage(deps: MachineDeps, row: CloudResource | undefined, source: string) {
  const known = row?.facts[imageSourceFact] === source ? row.facts[imageFact] : undefined;
  return known ?? resolvedImage(deps, source);
}

async function interfacesOf(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
): Promise<readonly InterfacePlace[] | Missing> {
  const places: InterfacePlace[] = [];
  for (const network of networksOf(instance)) {
    const place = instance.spec.location && (await deps.surroundings.network(context, network, instance.spec.location));
    if (place === undefined)
      return {
        reason: 'ProgrammingInProgress',
        message: `Waiting for a subnet of network ${network.name} in the location`,
      };
    places.push(place);
  }
  return places;
}

export function accountMissing({ gcp }: Pick<GcpDeps, 'gcp'>, row: CloudResource | undefined): Missing | undefined {
  const isReady = row?.state === 'ready';
  const provider = row && gcp.identity(row.account);
  if (isReady && (provider === undefined || row.facts[actAsFact] === provider)) return undefined;
  if (row?.error === undefined || row.retryAt === undefined || reasonOf(row.error) === undefined) {
    return { reason: 'ProvisioningServiceAccount', message: "The workload's service account is being created" };
  }
  return {
    reason: 'ServiceAccountFailedToCreate',
    message: describe({ at: 'failed', failure: row.error, retryAt: row.retryAt, row }),
  };
}

export async function contentOf(deps: MachineDeps, context: RequestContext, instance: Instance) {
  const { configMaps, secrets } = namesUsed(instance);
  const keys = (names: string[]) => names.map((name) => ({ namespace: instance.metadata.namespace ?? '', name }));
  const [foundMaps, foundSecrets] = await Promise.all([
    configMaps.length === 0 ? [] : deps.store.getMany(context, 'ConfigMap', keys(configMaps)),
    secrets.length === 0 ? [] : deps.store.getMany(context, 'Secret', keys(secrets)),
  ]);
  return {
    configMaps: new Map(configMaps.map((name, index) => [name, foundMaps[index]])),
    secrets: new Map(secrets.map((name, index) => [name, foundSecrets[index]])),
  };
}

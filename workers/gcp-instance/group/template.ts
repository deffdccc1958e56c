import type { Instance, WorkloadDeployment } from '../../../kinds/generated/types.ts';
import type { Key } from '../../../kinds/object.ts';
import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../../store/types.ts';
import { templateBody } from '../../clouds/gcp/groups/templates.ts';
import { guestDocument } from '../../clouds/gcp/guest/document.ts';
import { userData } from '../../clouds/gcp/guest/user-data.ts';
import { specHash } from '../../clouds/gcp/hash.ts';
import { machineBody } from '../../clouds/gcp/machine.ts';
import { groupName, serviceAccountEmail, serviceAccountName, templateName } from '../../clouds/gcp/names.ts';
import type { Place } from '../../clouds/gcp/places.ts';
import type { Wanted } from '../../gcp-objects/ensure.ts';
import { networksOf } from '../../gcp-objects/firewalls/members.ts';
import { serviceAccountRow } from '../../gcp-objects/identity.ts';
import { ownedIn } from '../../gcp-objects/owned.ts';
import { noSubnet } from '../addresses.ts';
import { dataDisksOf } from '../data-disks.ts';
import { guestOf, hasSpilled } from '../guest.ts';
import { accountMissing, contentOf, imageFact, type MachineDeps, sizeProblem, sshKeysAnnotation } from '../machine.ts';
import { bootDiskOf, machineTypeOf, type Missing } from '../plan.ts';
import { resolvedImage } from '../resolved-image.ts';
import type { InterfacePlace } from '../surroundings.ts';

/** Fact of a template in the cloud: hash of the instance template that it was made from. */
export const templateHashFact = 'templateHash';

export interface TemplateQuestion {
  readonly place: Place;
  /** Of the deployment and of its workload. */
  readonly rows: readonly CloudResource[];
  readonly templateHash: string;
}

/** The template of a deployment's machines as it is now, or what is missing for it. */
export async function wantedTemplate(
  deps: MachineDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  { place, rows, templateHash }: TemplateQuestion,
): Promise<Wanted<'compute.instanceTemplates'> | Missing> {
  const { uid } = deployment.metadata;
  const { uid: workloadUid } = deployment.spec.workloadRef;
  const model = modelOf(deployment);
  const disks = dataDisksOf(model);
  if ('reason' in disks) return disks;
  const [disk] = disks;
  if (disk !== undefined)
    return {
      reason: 'UnsupportedInGroup',
      message: `Machines of a group have a boot disk only, and no ${disk.deviceName}`,
    };
  const reserved = model.spec.networkInterfaces.findIndex(({ externalAddress }) => externalAddress === 'Reserved');
  if (reserved >= 0)
    return {
      reason: 'UnsupportedInGroup',
      message: `Machines of a group have no reserved addresses, and interface ${reserved} asks for one`,
    };
  const interfaces = await interfacesOf(deps, context, model);
  if ('reason' in interfaces) return interfaces;
  // The oldest one, even while it changes: another subnet would be another template.
  const subnets = interfaces
    .map((one) => one.subnets.find(({ leaves }) => !leaves))
    .map((one) => (one?.usable ? one : undefined));
  if (subnets.includes(undefined)) return noSubnet(subnets.indexOf(undefined));
  const missingAccount = accountMissing(deps, serviceAccountRow(rows, place.account));
  if (missingAccount !== undefined) return missingAccount;
  const email = serviceAccountEmail(place.account, serviceAccountName(workloadUid));
  const content = await contentOf(deps, context, model);
  const guest = guestOf(model, { ...content, rows, workloadUid, account: place.account, email }, []);
  if ('reason' in guest) return guest;
  const document = guestDocument(guest);
  const tooLarge = sizeProblem(document);
  if (tooLarge !== undefined) return tooLarge;
  const bootDisk = bootDiskOf(model);
  if ('reason' in bootDisk) return bootDisk;
  const machineType = machineTypeOf(model);
  if (typeof machineType !== 'string') return machineType;
  // An image family moves on; the machines of one template have one image.
  const before = rows.find(({ facts }) => facts[templateHashFact] === templateHash && facts[imageFact] !== undefined);
  const image = before?.facts[imageFact] ?? (await resolvedImage(deps, bootDisk.source));
  if (typeof image !== 'string') return image;

  const marker = { ownerKind: 'WorkloadDeployment', ownerUid: uid };
  const sshKeys = model.metadata.annotations?.[sshKeysAnnotation]?.trim();
  const body = machineBody({
    ref: { account: place.account, scope: `zones/${place.zone}`, name: groupName(uid) },
    region: place.region,
    instanceUid: uid,
    deploymentUid: uid,
    workloadUid,
    machineType,
    bootDisk: { image, sizeGb: bootDisk.sizeGb, type: bootDisk.type, deviceName: bootDisk.deviceName },
    dataDisks: [],
    interfaces: interfaces.map(({ network }, index) => ({
      network,
      subnetwork: subnets[index]?.subnetwork ?? '',
      address: '',
      external: model.spec.networkInterfaces[index]?.externalAddress === 'None' ? 'None' : 'Ephemeral',
      stack: 'IPv4',
    })),
    policyTags: [],
    serviceAccount: email,
    readsSecrets: content.secrets.size > 0 || hasSpilled(guest),
    userData: userData(model.spec.runtime.sandbox ? 'sandbox' : 'virtualMachine'),
    guest: document,
    ...(model.spec.runtime.virtualMachine && sshKeys ? { sshKeys } : {}),
    marker,
  });
  const name = templateName(uid, body);
  return {
    ...ownedIn(deployment, { project: context.project, controller: 'gcp-group' }),
    account: place.account,
    scope: 'global',
    type: 'compute.instanceTemplates',
    name,
    body: templateBody(name, body, { ...marker, specHash: specHash(body) }),
    specHash: name,
    facts: { [templateHashFact]: templateHash, [imageFact]: image },
  };
}

/** An instance as the deployment's template makes it, to resolve what all of them need. */
function modelOf({ apiVersion, metadata, spec, status }: WorkloadDeployment): Instance {
  const { template } = spec;
  return {
    apiVersion,
    kind: 'Instance',
    metadata: {
      ...metadata,
      labels: template.metadata?.labels ?? {},
      annotations: template.metadata?.annotations ?? {},
    },
    spec: { ...template.spec, ...(status?.location ? { location: status.location } : {}) },
  };
}

async function interfacesOf(
  deps: MachineDeps,
  context: RequestContext,
  model: Instance,
): Promise<readonly InterfacePlace[] | Missing> {
  const places: InterfacePlace[] = [];
  for (const network of networksOf(model)) {
    const place = await placeOfNetwork(deps, context, network, model.spec.location);
    if (place === undefined)
      return {
        reason: 'ProgrammingInProgress',
        message: `Waiting for a subnet of network ${network.name} in the location`,
      };
    places.push(place);
  }
  return places;
}

async function placeOfNetwork(
  deps: MachineDeps,
  context: RequestContext,
  network: Key,
  location: Instance['spec']['location'],
): Promise<InterfacePlace | undefined> {
  return location && deps.surroundings.network(context, network, location, 'Group');
}

import { accessConfigsOf, type ExternalAccess } from './access-configs.ts';
import { type Stack, stackOf } from './stacks.ts';
import { zoneOf, type CloudRef } from './cloud-object.ts';
import { specHash } from './hash.ts';
import type { InstanceBody } from './instances.ts';
import { bootHashLabel, metadataHashLabel, metadataKeys } from './machine-labels.ts';
import { labelsOf, type Marker } from './marker.ts';
import { bootDiskName, deploymentTag, interfaceTag, workloadTag } from './names.ts';
import { networkReference, subnetworkReference } from './references.ts';

/** An interface of a machine. Its address in the network may be empty: then Google picks it. */
export interface MachineInterface {
  readonly network: string;
  readonly subnetwork: string;
  readonly address: string;
  readonly external: ExternalAccess;
  readonly stack: Stack;
}

/** The one scope that Secret Manager knows; what the account may do with it is what it was granted: its secrets. */
const secretScope = 'https://www.googleapis.com/auth/cloud-platform';
/** The least that there is: to tell who one is. An account without any scope would be taken for none. */
const identityScope = 'https://www.googleapis.com/auth/userinfo.email';

/** A machine, with everything that was resolved for it. */
export interface Machine {
  readonly ref: CloudRef;
  readonly region: string;
  readonly instanceUid: string;
  readonly deploymentUid: string;
  readonly workloadUid: string;
  readonly machineType: string;
  readonly bootDisk: {
    readonly image: string;
    readonly sizeGb: number;
    readonly type: string;
    readonly deviceName: string;
  };
  /** Disks that are there and get attached, by the name under which the machine sees them. */
  readonly dataDisks: readonly { readonly name: string; readonly deviceName: string }[];
  /** In order. Names are of VPC network and subnetwork in the machine's project. */
  readonly interfaces: readonly MachineInterface[];
  /** Tags of the policies that select it. */
  readonly policyTags: readonly string[];
  readonly serviceAccount: string;
  /** Whether it fetches secrets, with the account's identity. */
  readonly readsSecrets: boolean;
  readonly userData: string;
  /** What it is to be like inside; see guest/document.ts. */
  readonly guest: string;
  /** Lines `username:public-key`. */
  readonly sshKeys?: string;
  readonly marker: Omit<Marker, 'specHash'>;
}

/** Body of the insert. */
export function machineBody(machine: Machine): InstanceBody {
  const { ref, bootDisk, deploymentUid, workloadUid, marker } = machine;
  const zone = zoneOf(ref);
  const place = `projects/${ref.account}/zones/${zone}`;
  const items = [
    { key: metadataKeys.userData, value: machine.userData },
    { key: metadataKeys.guest, value: machine.guest },
    { key: metadataKeys.guestAttributes, value: 'TRUE' },
    ...(machine.sshKeys ? [{ key: metadataKeys.sshKeys, value: machine.sshKeys }] : []),
  ];
  const body = {
    name: ref.name,
    machineType: `${place}/machineTypes/${machine.machineType}`,
    disks: [
      {
        boot: true,
        autoDelete: true,
        deviceName: bootDisk.deviceName,
        initializeParams: {
          diskName: bootDiskName(machine.instanceUid),
          sourceImage: bootDisk.image,
          diskSizeGb: String(bootDisk.sizeGb),
          diskType: `${place}/diskTypes/${bootDisk.type}`,
          labels: labelsOf({ ...marker, specHash: '' }),
        },
      },
      ...machine.dataDisks.map(({ name, deviceName }) => ({
        source: `${place}/disks/${name}`,
        deviceName,
        mode: 'READ_WRITE',
        boot: false,
        autoDelete: false,
      })),
    ],
    networkInterfaces: machine.interfaces.map(({ network, subnetwork, address, external, stack }) => ({
      network: networkReference(ref.account, network),
      subnetwork: subnetworkReference(ref.account, machine.region, subnetwork),
      networkIP: address,
      ...stackOf(stack),
      ...accessConfigsOf(external),
    })),
    metadata: { items },
    tags: {
      items: [
        workloadTag(workloadUid),
        deploymentTag(deploymentUid),
        ...machine.interfaces.map((_, index) => interfaceTag(deploymentUid, index)),
        ...machine.policyTags,
      ],
    },
    serviceAccounts: [{ email: machine.serviceAccount, scopes: [machine.readsSecrets ? secretScope : identityScope] }],
  };
  const labels = {
    ...labelsOf({ ...marker, specHash: specHash(body) }),
    'workload-uid': workloadUid,
    'deployment-uid': deploymentUid,
    [metadataHashLabel]: specHash(items),
    [bootHashLabel]: specHash([bootDisk.image, bootDisk.type]),
  };
  return { ...body, labels };
}

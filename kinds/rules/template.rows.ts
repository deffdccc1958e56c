import { sshKey } from './fixture.ts';
import { forbidden, invalid, required, row, type Row } from './row.ts';

const gib = 'spec.template.spec.volumes[0].disk.template.spec';
const machine = 'spec.template.spec.runtime.virtualMachine';
const keys = 'spec.template.metadata.annotations["compute.datumapis.com/ssh-keys"]';
const keysShown = 'spec.template.metadata.annotations[compute.datumapis.com/ssh-keys]';

/** Template of a Workload. */
export const templateRows: readonly Row[] = [
  invalid(
    { 'spec.template.metadata.labels': { a: 'b c' } },
    'spec.template.metadata.labels',
    '"b c": a valid label must',
  ),
  required({ 'spec.template.spec.runtime.resources': undefined }, 'spec.template.spec.runtime.resources'),
  row(
    { 'spec.template.spec.runtime.resources.instanceType': 'big' },
    'spec.template.spec.runtime.resources.instanceType',
    'FieldValueNotSupported',
    'Unsupported value: "big": supported values: "datumcloud/d1-standard-2"',
  ),
  forbidden(
    { 'spec.template.spec.runtime.resources.requests': { cpu: '1' } },
    'spec.template.spec.runtime.resources.requests',
    'sizes of one',
  ),
  required(
    { [machine]: undefined, 'spec.template.spec.volumes': undefined },
    'spec.template.spec.runtime',
    ': exactly one of sandbox, virtualMachine must be set',
  ),
  forbidden(
    { 'spec.template.spec.runtime.sandbox.containers': [{ name: 'a', image: 'docker.io/b' }] },
    machine,
    'may not be set together with sandbox',
  ),
  required({ 'spec.template.spec.networkInterfaces': undefined }, 'spec.template.spec.networkInterfaces'),
  invalid(
    { 'spec.template.spec.networkInterfaces': [] },
    'spec.template.spec.networkInterfaces',
    '0: spec.template.spec.networkInterfaces in body should have at least 1 items',
  ),
  required(
    { 'spec.template.spec.networkInterfaces[0].network.name': undefined },
    'spec.template.spec.networkInterfaces[0].network.name',
  ),
];

/** Virtual machine and its keys. */
export const machineRows: readonly Row[] = [
  invalid(
    { [`${machine}.volumeAttachments`]: [], 'spec.template.spec.volumes': undefined },
    `${machine}.volumeAttachments`,
    `0: ${machine}.volumeAttachments in body should have at least 1 items`,
  ),
  invalid(
    { 'spec.template.spec.volumes[0]': { name: 'boot', configMap: { name: 'c' } } },
    `${machine}.volumeAttachments[0].name`,
    '"boot": must be a disk populated from an image, to boot from',
  ),
  invalid(
    { [`${gib}.populator`]: { filesystem: { type: 'ext4' } } },
    `${machine}.volumeAttachments[0].name`,
    '"boot": must be a disk populated',
  ),
  invalid(
    { [`${machine}.ports[0].port`]: 65_536 },
    `${machine}.ports[0].port`,
    `65536: ${machine}.ports[0].port in body should be less than or equal to 65535`,
  ),
  invalid({ [`${machine}.ports[0].name`]: '80' }, `${machine}.ports[0].name`, '"80": must contain at least one letter'),
  required({ [keys]: undefined }, keysShown, ': a virtual machine needs'),
  invalid({ [keys]: '' }, keysShown, '"": no line username:public-key'),
  invalid({ [keys]: sshKey }, keysShown, '"": line 1: must be username:public-key'),
  invalid({ [keys]: `ops:${sshKey}\n\nRoot!:${sshKey}` }, keysShown, '"": line 3: the username must'),
  invalid({ [keys]: 'ops:ssh-dss AAAA' }, keysShown, '"": line 1: unknown key type "ssh-dss"'),
  invalid({ [keys]: 'ops:ssh-ed25519 !!!' }, keysShown, '"": line 1: the key is not base64'),
  invalid(
    { [keys]: `ops:${sshKey.replace('AAAAI', 'AAAAJ')}` },
    keysShown,
    '"": line 1: the key is not a valid ssh-ed25519 key',
  ),
  invalid(
    { [keys]: `ops:${sshKey.replace('ssh-ed25519', 'ssh-rsa')}` },
    keysShown,
    '"": line 1: the key is not a valid ssh-rsa key',
  ),
];

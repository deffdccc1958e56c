import { forbidden, invalid, required, row, type Row } from './row.ts';

const gib = 'spec.template.spec.volumes[0].disk.template.spec';
const machine = 'spec.template.spec.runtime.virtualMachine';

/** Volumes and what attaches them. */
export const volumeRows: readonly Row[] = [
  row(
    { [`${machine}.volumeAttachments[1]`]: { name: 'none' } },
    `${machine}.volumeAttachments[1].name`,
    'FieldValueNotFound',
    'Not found: "none"',
  ),
  invalid(
    { 'spec.template.spec.volumes[1]': { name: 'spare', configMap: { name: 'c' } } },
    'spec.template.spec.volumes[1].name',
    '"spare": must be attached',
  ),
  row(
    { 'spec.template.spec.volumes[1]': { name: 'boot', secret: { secretName: 's' } } },
    'spec.template.spec.volumes[1]',
    'FieldValueDuplicate',
    'Duplicate value: map[string]interface {}{"name":"boot"}',
  ),
  invalid(
    { 'spec.template.spec.volumes[0].name': 'Boot', [`${machine}.volumeAttachments[0].name`]: 'Boot' },
    'spec.template.spec.volumes[0].name',
    '"Boot": a lowercase RFC 1123 label must',
  ),
  required(extra({}), 'spec.template.spec.volumes[1]', ': exactly one of disk, configMap, secret must be set'),
  forbidden(
    extra({ secret: { secretName: 's' }, configMap: { name: 'c' } }),
    'spec.template.spec.volumes[1].secret',
    'may not be set together with configMap',
  ),
  required(extra({ configMap: {} }), 'spec.template.spec.volumes[1].configMap.name'),
  required(extra({ secret: {} }), 'spec.template.spec.volumes[1].secret.secretName'),
  invalid(
    extra({ configMap: { name: 'c', defaultMode: 512 } }),
    'spec.template.spec.volumes[1].configMap.defaultMode',
    '512: ',
  ),
  invalid(
    extra({ secret: { secretName: 's', defaultMode: -1 } }),
    'spec.template.spec.volumes[1].secret.defaultMode',
    '-1: ',
  ),
  required(extra({ disk: {} }), 'spec.template.spec.volumes[1].disk.template'),
  row(
    extra({ disk: { deviceName: 'volume-0', template: { spec: {} } } }),
    'spec.template.spec.volumes[1].disk.deviceName',
    'FieldValueDuplicate',
    'Duplicate value: "volume-0"',
  ),
  invalid(
    extra({ disk: { deviceName: 'A', template: { spec: {} } } }),
    'spec.template.spec.volumes[1].disk.deviceName',
    '"A": a lowercase RFC 1123 label must',
  ),
  row(
    { [`${gib}.type`]: 'floppy' },
    `${gib}.type`,
    'FieldValueNotSupported',
    'Unsupported value: "floppy": supported values: "pd-standard"',
  ),
  row(
    { [`${gib}.populator.image.name`]: 'dos' },
    `${gib}.populator.image.name`,
    'FieldValueNotSupported',
    'Unsupported value: "dos": supported values: "datumcloud/ubuntu-2204-lts"',
  ),
  required({ [`${gib}.populator`]: {} }, `${gib}.populator`, ': exactly one of image, filesystem must be set'),
  forbidden(
    { [`${gib}.populator.filesystem`]: { type: 'ext4' } },
    `${gib}.populator.filesystem`,
    'may not be set together with image',
  ),
  row(
    extra({ disk: { template: { spec: { populator: { filesystem: { type: 'fat' } } } } } }),
    'spec.template.spec.volumes[1].disk.template.spec.populator.filesystem.type',
    'FieldValueNotSupported',
    'Unsupported value: "fat": supported values: "ext4"',
  ),
  invalid(storage('9Gi'), `${gib}.resources.requests.storage`, '"9Gi": must be between 10Gi and 100Gi'),
  invalid(storage('101Gi'), `${gib}.resources.requests.storage`, '"101Gi": must be between 10Gi and 100Gi'),
  invalid(storage('30G'), `${gib}.resources.requests.storage`, '"30G": must be in whole Gi'),
  invalid(storage('24Gi'), `${gib}.resources.requests.storage`, '"24Gi": must not be less than the image needs: 25Gi'),
  invalid(storage('lots'), `${gib}.resources.requests.storage`, '"lots": quantities must match the regular expression'),
  forbidden(
    { [`${machine}.volumeAttachments[0].mountPath`]: '/mnt' },
    `${machine}.volumeAttachments[0].mountPath`,
    'the disk has no file system',
  ),
  invalid(mount('data'), `${machine}.volumeAttachments[1].mountPath`, `"data": must be an absolute path`),
  invalid(mount('/a/../b'), `${machine}.volumeAttachments[1].mountPath`, `"/a/../b": must be an absolute path`),
  row(
    { ...mount('/a'), [`${machine}.volumeAttachments[2]`]: { name: 'more', mountPath: '/a/' } },
    `${machine}.volumeAttachments[2].mountPath`,
    'FieldValueDuplicate',
    'Duplicate value: "/a/"',
  ),
];

function storage(amount: string): Row['patch'] {
  return { [`${gib}.resources`]: { requests: { storage: amount } } };
}

/** A second volume, attached. */
function extra(source: object): Row['patch'] {
  return {
    'spec.template.spec.volumes[1]': { name: 'more', ...source },
    [`${machine}.volumeAttachments[1]`]: { name: 'more' },
  };
}

/** A second volume, mounted. */
function mount(mountPath: string): Row['patch'] {
  return { ...extra({ configMap: { name: 'c' } }), [`${machine}.volumeAttachments[1]`]: { name: 'more', mountPath } };
}

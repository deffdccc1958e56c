import { forbidden, invalid, required, row, type Row } from './row.ts';

const gib = 'spec.template.spec.volumes[0].disk.template.spec';
const container = 'spec.template.spec.runtime.sandbox.containers[0]';
const policy = 'spec.template.spec.networkInterfaces[0].networkPolicy.ingress[0]';

/** Containers. */
export const sandboxRows: readonly Row[] = [
  required({ 'spec.template.spec.runtime.sandbox': {} }, 'spec.template.spec.runtime.sandbox.containers'),
  required({ [`${container}.name`]: undefined }, `${container}.name`),
  required({ [`${container}.image`]: undefined }, `${container}.image`),
  invalid({ [`${container}.name`]: 'Web' }, `${container}.name`, '"Web": a lowercase RFC 1123 label must'),
  row(
    { 'spec.template.spec.runtime.sandbox.containers[1]': { name: 'web', image: 'docker.io/b' } },
    'spec.template.spec.runtime.sandbox.containers[1]',
    'FieldValueDuplicate',
    'Duplicate value: map[string]interface {}{"name":"web"}',
  ),
  ...['nginx', 'library/nginx:1', 'docker.io/', 'docker.io/Nginx', 'docker.io/nginx:', 'docker.io/a b'].map((image) =>
    invalid({ [`${container}.image`]: image }, `${container}.image`, `"${image}": must be a fully qualified image`),
  ),
  invalid(
    { [`${container}.env[0].name`]: '1A' },
    `${container}.env[0].name`,
    '"1A": a valid environment variable name must',
  ),
  row(
    { [`${container}.env[1]`]: { name: 'A' } },
    `${container}.env[1]`,
    'FieldValueDuplicate',
    'Duplicate value: map[string]interface {}{"name":"A"}',
  ),
  forbidden(
    { [`${container}.env[0].valueFrom`]: { secretKeyRef: { name: 's', key: 'k' } } },
    `${container}.env[0].valueFrom`,
    'may not be set together with value',
  ),
  required(
    { [`${container}.env[0]`]: { name: 'A', valueFrom: {} } },
    `${container}.env[0].valueFrom`,
    ': exactly one of configMapKeyRef, secretKeyRef must be set',
  ),
  invalid({ [`${container}.ports[0].port`]: 0 }, `${container}.ports[0].port`, '0: '),
  row(
    { [`${container}.ports[0].protocol`]: 'ICMP' },
    `${container}.ports[0].protocol`,
    'FieldValueNotSupported',
    'Unsupported value: "ICMP"',
  ),
  invalid(
    { [`${container}.ports[1]`]: { name: 'this-is-too-long', port: 81 } },
    `${container}.ports[1].name`,
    '"this-is-too-long": must be no more than 15 characters',
  ),
  row(
    { [`${container}.ports[1]`]: { name: 'http', port: 81 } },
    `${container}.ports[1]`,
    'FieldValueDuplicate',
    'Duplicate value: map[string]interface {}{"name":"http"}',
  ),
  row(
    { [`${container}.volumeAttachments[1]`]: { name: 'data', mountPath: '/data' } },
    `${container}.volumeAttachments[1].mountPath`,
    'FieldValueDuplicate',
    'Duplicate value: "/data"',
  ),
  forbidden(
    { [`${gib}.populator`]: undefined },
    `${container}.volumeAttachments[0].mountPath`,
    'the disk has no file system',
  ),
  invalid(
    { [`${container}.resources.limits`]: { cpu: 'x' } },
    `${container}.resources.limits.cpu`,
    '"x": quantities must match',
  ),
  required(
    { 'spec.template.spec.runtime.sandbox.imagePullSecrets': [{}] },
    'spec.template.spec.runtime.sandbox.imagePullSecrets[0].name',
  ),
];

/** Policies of interfaces. */
export const interfacePolicyRows: readonly Row[] = [
  row({ [`${policy}.ports[0].port`]: 'https' }, `${policy}.ports[0].port`, 'FieldValueNotFound', 'Not found: "https"'),
  invalid({ [`${policy}.ports[0].port`]: 65_536 }, `${policy}.ports[0].port`, '65536: must be between 1 and 65535'),
  forbidden(
    { [`${policy}.ports[0].endPort`]: 90 },
    `${policy}.ports[0].endPort`,
    'may be set only with a port that is a number',
  ),
  invalid(
    { [`${policy}.ports[0]`]: { port: 80, endPort: 79 } },
    `${policy}.ports[0].endPort`,
    '79: must be greater than or equal to `port`',
  ),
  invalid(
    { [`${policy}.from[0].ipBlock`]: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } },
    `${policy}.from[0].ipBlock.except[0]`,
    '"11.0.0.0/8": must be a strict subset of `cidr`',
  ),
  invalid(
    { [`${policy}.from[0].ipBlock.cidr`]: '10.0.0.1/8' },
    `${policy}.from[0].ipBlock.cidr`,
    '"10.0.0.1/8": must not have bits set beyond the prefix length',
  ),
  required({ [`${policy}.from[0].ipBlock.cidr`]: undefined }, `${policy}.from[0].ipBlock.cidr`),
];

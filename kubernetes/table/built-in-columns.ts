import type { Resource } from '../../kinds/object.ts';
import { isObject, ownValue } from '../../kinds/schema/json.ts';
import type { GroupVersionKind } from '../served/served.ts';
import type { TableColumn } from './column.ts';
import { ageColumn, nameColumn } from './common-columns.ts';
import { eventColumns } from './event-columns.ts';

const keysOf = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 0);

const age = ageColumn('string');

const namespaceColumns = [
  nameColumn,
  text('Status', 'Whether the namespace is in use or being deleted.', (object) => at(object, 'status', 'phase') ?? ''),
  age,
];

const secretColumns = [
  nameColumn,
  text('Type', 'What the data is for.', (object) => at(object, 'type') ?? ''),
  text('Data', 'Number of entries.', (object) => keysOf(at(object, 'data'))),
  age,
];

const configMapColumns = [
  nameColumn,
  text(
    'Data',
    // Part of the wire contract: a recorded answer carries it.
    "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process.",
    (object) => keysOf(at(object, 'data')) + keysOf(at(object, 'binaryData')),
  ),
  age,
];

const leaseColumns = [
  nameColumn,
  text('Holder', 'Who holds the lease.', (object) => at(object, 'spec', 'holderIdentity') ?? ''),
  age,
];

const revisionColumns = [
  nameColumn,
  text('Controller', 'The object whose state it is.', (object) => {
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined) return '<none>';
    const [group = '', version] = owner.apiVersion.split('/');
    return `${owner.kind.toLowerCase()}${version === undefined ? '' : `.${group}`}/${owner.name}`;
  }),
  text('Revision', 'Rises with every state that the object takes.', (object) => at(object, 'revision') ?? 0),
  age,
];

const scaleColumns = [
  nameColumn,
  text('Desired', 'Wanted number of instances.', (object) => at(object, 'spec', 'replicas') ?? 0),
  text('Available', 'Running number of instances.', (object) => at(object, 'status', 'replicas') ?? 0),
  age,
];

const bindingColumns = [
  nameColumn,
  text('Role', 'The role that is granted.', (object) => {
    const role = at(object, 'roleRef');
    return `${String(ownValue(role, 'kind') ?? '')}/${String(ownValue(role, 'name') ?? '')}`;
  }),
  age,
  text('Users', 'Users who have the role.', (object) => subjects(object, 'User'), 1),
  text('Groups', 'Groups that have the role.', (object) => subjects(object, 'Group'), 1),
  text('ServiceAccounts', 'Service accounts that have the role.', (object) => subjects(object, 'ServiceAccount'), 1),
];

const quotaColumns = [
  nameColumn,
  text('Request', 'What is used of each limit.', (object) => {
    const used = at(object, 'status', 'used');
    const hard = at(object, 'status', 'hard');
    const names = isObject(hard) ? Object.keys(hard).toSorted() : [];
    return names
      .map((name) => `${name}: ${String(ownValue(used, name) ?? '0')}/${String(ownValue(hard, name))}`)
      .join(', ');
  }),
  age,
];

const accountColumns = [
  nameColumn,
  text('Secrets', 'Number of secrets; tokens are asked for and never stored.', () => 0),
  age,
];

const byKind: ReadonlyMap<string, readonly TableColumn[]> = new Map([
  ['/Namespace', namespaceColumns],
  ['/Secret', secretColumns],
  ['/ConfigMap', configMapColumns],
  ['/ResourceQuota', quotaColumns],
  ['/ServiceAccount', accountColumns],
  ['/Event', eventColumns],
  ['events.k8s.io/Event', eventColumns],
  ['coordination.k8s.io/Lease', leaseColumns],
  ['apps/ControllerRevision', revisionColumns],
  ['autoscaling/Scale', scaleColumns],
  ['rbac.authorization.k8s.io/RoleBinding', bindingColumns],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', bindingColumns],
]);

/** Columns of a kind that is built into Kubernetes; undefined for one that has none of its own. */
export function builtInColumns({ group, kind }: GroupVersionKind): readonly TableColumn[] | undefined {
  return byKind.get(`${group}/${kind}`);
}

/** Built-in columns call themselves strings whatever is in their cells. */
function text(name: string, description: string, cell: (object: Resource) => unknown, priority = 0): TableColumn {
  return { definition: { name, type: 'string', format: '', description, priority }, cell };
}

function at(object: Resource, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(ownValue, object);
}

function subjects(object: Resource, kind: string): string {
  const all = at(object, 'subjects');
  if (!Array.isArray(all)) return '';
  return all
    .filter((subject) => ownValue(subject, 'kind') === kind)
    .map((subject) => [ownValue(subject, 'namespace'), ownValue(subject, 'name')].filter(Boolean).join('/'))
    .join(', ');
}

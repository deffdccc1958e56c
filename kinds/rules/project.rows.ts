import { forbidden, invalid, required, row, typeInvalid, type Row } from './row.ts';

/** ServiceAccount. */
export const serviceAccountRows: readonly Row[] = [
  forbidden({ secrets: [{ name: 's' }] }, 'secrets', 'tokens of an account are asked for'),
  forbidden({ imagePullSecrets: [{ name: 's' }] }, 'imagePullSecrets', 'containers name their pull secrets'),
  typeInvalid(
    { automountServiceAccountToken: 'yes' },
    'automountServiceAccountToken',
    '"string": automountServiceAccountToken in body must be of type boolean',
  ),
  invalid({ 'metadata.name': 'A' }, 'metadata.name', '"A": a lowercase RFC 1123 subdomain'),
];

function limitRows(path: string): readonly Row[] {
  const unknown = (name: string): Row =>
    row({ [`${path}["${name}"]`]: '1' }, `${path}[${name}]`, 'FieldValueNotSupported', `Unsupported value: "${name}"`);
  return [
    unknown('pods'),
    unknown('count/pods'),
    unknown('count/nets.networking.datumapis.com'),
    unknown('count/'),
    unknown('count/gadgets.example.com'),
    unknown('requests.cpu'),
    invalid({ [`${path}.secrets`]: -1 }, `${path}[secrets]`, '-1: must be greater than or equal to 0'),
    invalid({ [`${path}.cpu`]: '-1m' }, `${path}[cpu]`, '"-1m": must be greater than or equal to 0'),
    invalid({ [`${path}.addresses`]: '1500m' }, `${path}[addresses]`, '"1500m": must be an integer'),
    invalid({ [`${path}.memory`]: 'much' }, `${path}.memory`, '"much": quantities must match'),
  ];
}

/** ResourceQuota. */
export const resourceQuotaRows: readonly Row[] = [
  ...limitRows('spec.hard'),
  row(
    { 'spec.hard["count/namespaces"]': '1' },
    'spec.hard[count/namespaces]',
    'FieldValueNotSupported',
    'Unsupported value: "count/namespaces"',
  ),
  forbidden({ 'spec.scopes': ['BestEffort'] }, 'spec.scopes', 'scopes choose pods'),
  forbidden({ 'spec.scopeSelector': { matchExpressions: [] } }, 'spec.scopeSelector', 'scopes choose pods'),
];

const ownerRows: readonly Row[] = [
  row(
    { 'spec.owners[0].kind': 'ServiceAccount' },
    'spec.owners[0].kind',
    'FieldValueNotSupported',
    'Unsupported value: "ServiceAccount": supported values: "User", "Group"',
  ),
  required({ 'spec.owners[0].name': '' }, 'spec.owners[0].name'),
  invalid(
    { 'spec.owners[0]': { kind: 'Group', name: 'system:authenticated' } },
    'spec.owners[0].name',
    '"system:authenticated": everybody cannot own it',
  ),
  invalid({ 'metadata.name': 'a.b' }, 'metadata.name', '"a.b": a lowercase RFC 1123 label'),
  row(
    { 'spec.displayName': 'x'.repeat(257) },
    'spec.displayName',
    'FieldValueTooLong',
    'Too long: may not be more than 256',
  ),
];

/** Organization. */
export const organizationRows: readonly Row[] = [...ownerRows];

/** Project. */
export const projectRows: readonly Row[] = [
  ...ownerRows,
  ...limitRows('spec.quotas'),
  row({ 'spec.organization.name': 'o' }, 'spec.organization.name', 'FieldValueNotFound', 'Not found: "o"'),
];

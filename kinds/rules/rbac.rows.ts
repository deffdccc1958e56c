import { invalid, required, row, typeInvalid, type Row } from './row.ts';

const group = 'rbac.authorization.k8s.io';

const ruleRows: readonly Row[] = [
  required({ 'rules[0].verbs': [] }, 'rules[0].verbs', ': verbs must contain at least one value'),
  required({ 'rules[0].apiGroups': undefined }, 'rules[0].apiGroups', ': resource rules must supply at least one api'),
  required({ 'rules[0].resources': [] }, 'rules[0].resources', ': resource rules must supply at least one resource'),
  typeInvalid({ 'rules[0].verbs': 'get' }, 'rules[0].verbs', '"string": rules[0].verbs in body must be of type array'),
];

/** Role. */
export const roleRows: readonly Row[] = [
  ...ruleRows,
  invalid(
    { 'rules[0]': { verbs: ['get'], nonResourceURLs: ['/x', '/y'] } },
    'rules[0].nonResourceURLs',
    '[]string{"/x", "/y"}: namespaced rules cannot apply to non-resource URLs',
  ),
  invalid({ 'metadata.name': 'a/b' }, 'metadata.name', `"a/b": may not contain '/'`),
  invalid({ 'metadata.name': '50%' }, 'metadata.name', `"50%": may not contain '%'`),
  invalid({ 'metadata.name': '..' }, 'metadata.name', `"..": may not be '..'`),
];

/** ClusterRole. */
export const clusterRoleRows: readonly Row[] = [
  ...ruleRows,
  invalid(
    { 'rules[1].resources': ['x'] },
    'rules[1].nonResourceURLs',
    '[]string{"/metrics", "/logs/*"}: rules cannot apply to both regular resources and non-resource URLs',
  ),
  required(
    { 'aggregationRule.clusterRoleSelectors': [] },
    'aggregationRule.clusterRoleSelectors',
    ': at least one clusterRoleSelector required',
  ),
  invalid(
    { 'aggregationRule.clusterRoleSelectors[0].matchLabels': { 'a b': 'c' } },
    'aggregationRule.clusterRoleSelectors[0].matchLabels',
    '"a b": name part must consist of',
  ),
];

const bindingRows: readonly Row[] = [
  required({ roleRef: undefined }, 'roleRef'),
  required({ 'roleRef.name': '' }, 'roleRef.name'),
  invalid({ 'roleRef.name': 'a/b' }, 'roleRef.name', `"a/b": may not contain '/'`),
  row(
    { 'roleRef.apiGroup': 'x' },
    'roleRef.apiGroup',
    'FieldValueNotSupported',
    `Unsupported value: "x": supported values: "${group}"`,
  ),
  required({ 'subjects[0].name': '' }, 'subjects[0].name'),
  row(
    { 'subjects[0].kind': 'Robot' },
    'subjects[0].kind',
    'FieldValueNotSupported',
    'Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
  ),
  row(
    { 'subjects[0].apiGroup': 'x' },
    'subjects[0].apiGroup',
    'FieldValueNotSupported',
    `Unsupported value: "x": supported values: "${group}"`,
  ),
  row(
    { 'subjects[1].apiGroup': group },
    'subjects[1].apiGroup',
    'FieldValueNotSupported',
    `Unsupported value: "${group}": supported values: ""`,
  ),
  invalid({ 'subjects[1].name': 'a:b' }, 'subjects[1].name', '"a:b": a lowercase RFC 1123 subdomain must'),
];

/** RoleBinding. */
export const roleBindingRows: readonly Row[] = [
  ...bindingRows,
  row(
    { 'roleRef.kind': 'Thing' },
    'roleRef.kind',
    'FieldValueNotSupported',
    'Unsupported value: "Thing": supported values: "Role", "ClusterRole"',
  ),
  invalid(
    { 'roleRef.name': 'other' },
    'roleRef',
    `rbac.RoleRef{APIGroup:"${group}", Kind:"Role", Name:"other"}: cannot change roleRef`,
    {},
  ),
];

/** ClusterRoleBinding. */
export const clusterRoleBindingRows: readonly Row[] = [
  ...bindingRows,
  row(
    { 'roleRef.kind': 'Role' },
    'roleRef.kind',
    'FieldValueNotSupported',
    'Unsupported value: "Role": supported values: "ClusterRole"',
  ),
  required({ 'subjects[1].namespace': undefined }, 'subjects[1].namespace'),
];

import { invalid, required, row, typeInvalid, type Row } from './row.ts';

/** Metadata, the same for every kind; written for a ConfigMap. */
export const metadataRows: readonly Row[] = [
  required({ 'metadata.name': '' }, 'metadata.name', ': name or generateName is required'),
  invalid({ 'metadata.name': 'Bad_Name' }, 'metadata.name', '"Bad_Name": a lowercase RFC 1123 subdomain must'),
  invalid({ 'metadata.name': 'a'.repeat(254) }, 'metadata.name', `"${'a'.repeat(254)}": must be no more than 253`),
  invalid({ 'metadata.generateName': 'Bad-' }, 'metadata.generateName', '"Bad-": a lowercase RFC 1123 subdomain must'),
  invalid({ 'metadata.namespace': 'a.b' }, 'metadata.namespace', '"a.b": a lowercase RFC 1123 label must'),
  required({ 'metadata.namespace': undefined }, 'metadata.namespace'),
  typeInvalid({ metadata: 'x' }, 'metadata', '"string": metadata in body must be of type object'),
  typeInvalid(
    { 'metadata.labels': { a: 1 } },
    'metadata.labels.a',
    '"integer": metadata.labels.a in body must be of type string',
  ),
  invalid({ 'metadata.labels': { 'a b': 'c' } }, 'metadata.labels', '"a b": name part must consist of'),
  invalid({ 'metadata.labels': { '/b': 'c' } }, 'metadata.labels', '"/b": prefix part must be non-empty'),
  invalid(
    { 'metadata.labels': { 'A/b': 'c' } },
    'metadata.labels',
    '"A/b": prefix part a lowercase RFC 1123 subdomain',
  ),
  invalid({ 'metadata.labels': { 'a/b/c': 'c' } }, 'metadata.labels', '"a/b/c": a qualified name must consist of'),
  invalid({ 'metadata.labels': { 'a/': 'c' } }, 'metadata.labels', '"a/": name part must be non-empty'),
  invalid({ 'metadata.labels': { a: 'b c' } }, 'metadata.labels', '"b c": a valid label must be'),
  invalid(
    { 'metadata.labels': { a: 'x'.repeat(64) } },
    'metadata.labels',
    `"${'x'.repeat(64)}": must be no more than 63 characters`,
  ),
  invalid({ 'metadata.annotations': { 'a b': 'c' } }, 'metadata.annotations', '"a b": name part must consist of'),
  row(
    { 'metadata.annotations': { a: 'x'.repeat(262_144) } },
    'metadata.annotations',
    'FieldValueTooLong',
    'Too long: may not be more than 262144 bytes',
  ),
  invalid({ 'metadata.finalizers': ['no spaces'] }, 'metadata.finalizers', '"no spaces": name part must consist of'),
  row(
    { 'metadata.finalizers': ['a/b', 'a/c'] },
    'metadata.finalizers',
    'FieldValueForbidden',
    'Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/c"}',
    { 'metadata.finalizers': ['a/b'], 'metadata.deletionTimestamp': '2026-01-01T00:00:00Z' },
  ),
  invalid(
    { 'metadata.ownerReferences': [{ apiVersion: 'v1', kind: 'K', name: 'n' }] },
    'metadata.ownerReferences.uid',
    '"": uid must not be empty',
  ),
  invalid(
    { 'metadata.ownerReferences': [{ kind: 'K', name: 'n', uid: 'u' }] },
    'metadata.ownerReferences.apiVersion',
    '"": version must not be empty',
  ),
  invalid(
    { 'metadata.ownerReferences': [{ apiVersion: 'v1', name: 'n', uid: 'u' }] },
    'metadata.ownerReferences.kind',
    '"": kind must not be empty',
  ),
  invalid(
    { 'metadata.ownerReferences': [{ apiVersion: 'v1', kind: 'K', uid: 'u' }] },
    'metadata.ownerReferences.name',
    '"": name must not be empty',
  ),
  invalid(
    {
      'metadata.ownerReferences': ['a', 'b'].map((uid) => ({
        apiVersion: 'v1',
        kind: 'K',
        name: uid,
        uid,
        controller: true,
      })),
    },
    'metadata.ownerReferences',
    '"": Only one reference can have Controller set to true. Found "true" in references for K/a and K/b',
  ),
];

/** Conditions, the same for every kind. */
export function conditionRows(): Row[] {
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'Ok',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const at = 'status.conditions[0]';
  const having = (part: Partial<Record<keyof typeof condition | 'observedGeneration', unknown>>): Row['patch'] => ({
    'status.conditions': [{ ...condition, ...part }],
  });
  return [
    required(having({ status: undefined }), `${at}.status`),
    row(
      having({ status: 'Perhaps' }),
      `${at}.status`,
      'FieldValueNotSupported',
      'Unsupported value: "Perhaps": supported values: "True", "False", "Unknown"',
    ),
    invalid(having({ reason: '' }), `${at}.reason`, `"": ${at}.reason in body should `),
    invalid(having({ type: 'not ready' }), `${at}.type`, `"not ready": ${at}.type in body should match`),
    invalid(
      having({ observedGeneration: -1 }),
      `${at}.observedGeneration`,
      `-1: ${at}.observedGeneration in body should be greater`,
    ),
    row(
      having({ message: 'x'.repeat(32_769) }),
      `${at}.message`,
      'FieldValueTooLong',
      'Too long: may not be more than 32768 bytes',
    ),
    row(
      { 'status.conditions': [condition, condition] },
      'status.conditions[1]',
      'FieldValueDuplicate',
      'Duplicate value: map[string]interface {}{"type":"Ready"}',
    ),
  ];
}

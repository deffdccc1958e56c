import { forbidden, invalid, required, row, typeInvalid, type Row } from './row.ts';

/** Namespace. */
export const namespaceRows: readonly Row[] = [
  invalid({ 'metadata.name': 'a.b' }, 'metadata.name', '"a.b": must not contain dots'),
  row(
    { 'metadata.namespace': 'x' },
    'metadata.namespace',
    'FieldValueForbidden',
    'Forbidden: not allowed on this type',
  ),
  row(
    { 'status.phase': 'Gone' },
    'status.phase',
    'FieldValueNotSupported',
    'Unsupported value: "Gone": supported values: "Active", "Terminating"',
  ),
  typeInvalid({ 'spec.finalizers': 5 }, 'spec.finalizers', '"integer": spec.finalizers in body must be of type array'),
];

/** ConfigMap, beside metadata. */
export const configMapRows: readonly Row[] = [
  invalid({ 'data["a/b"]': '1' }, 'data[a/b]', '"a/b": a valid config key must consist of'),
  invalid({ 'binaryData["a b"]': 'YQ==' }, 'binaryData[a b]', '"a b": a valid config key must consist of'),
  invalid({ data: { '..': '1' } }, 'data[..]', `"..": must not be '..'`),
  invalid({ 'binaryData.a': 'YQ==' }, 'data[a]', '"a": duplicate of key present in binaryData'),
  typeInvalid({ 'binaryData.c': '!' }, 'binaryData.c', '"!": binaryData.c in body must be of type base64'),
  row({ 'data.a': 'x'.repeat(1_048_576) }, '[]', 'FieldValueTooLong', 'Too long: may not be more than 1048576 bytes'),
  forbidden({ immutable: true, 'data.a': '2' }, 'data', 'field is immutable when `immutable` is set', {
    immutable: true,
  }),
  forbidden({ immutable: true, binaryData: {} }, 'binaryData', 'field is immutable when `immutable` is set', {
    immutable: true,
  }),
  forbidden({}, 'immutable', 'field is immutable when `immutable` is set', { immutable: true }),
];

/** Secret; no message shows a value. */
export const secretRows: readonly Row[] = [
  invalid({ 'data["a b"]': 'YQ==' }, 'data[a b]', '"a b": a valid config key must consist of'),
  typeInvalid({ 'data.a': 'no secret' }, 'data.a', '"<hidden>": data.a in body must be of type base64: "<hidden>"'),
  typeInvalid({ 'stringData.a': 1 }, 'stringData.a', '"integer": stringData.a in body must be of type string'),
  row(
    { 'stringData.a': 'x'.repeat(1_048_577) },
    'data',
    'FieldValueTooLong',
    'Too long: may not be more than 1048576 bytes',
  ),
  invalid({ type: 'other' }, 'type', '"other": field is immutable', {}),
  required({ type: 'kubernetes.io/tls', 'data["tls.crt"]': 'YQ==' }, 'data[tls.key]'),
  required({ type: 'kubernetes.io/ssh-auth' }, 'data[ssh-privatekey]'),
  required({ type: 'kubernetes.io/dockerconfigjson' }, 'data[.dockerconfigjson]'),
  required({ type: 'kubernetes.io/dockercfg' }, 'data[.dockercfg]'),
  invalid(
    { type: 'kubernetes.io/dockercfg', 'data[".dockercfg"]': 'YQ==' },
    'data[.dockercfg]',
    '"<secret contents redacted>": must be JSON',
  ),
  required({ type: 'kubernetes.io/service-account-token' }, 'metadata.annotations[kubernetes.io/service-account.name]'),
  forbidden({ immutable: true, 'stringData.a': '2' }, 'data', 'field is immutable when `immutable` is set', {
    immutable: true,
  }),
  forbidden({ immutable: false }, 'immutable', 'field is immutable when `immutable` is set', { immutable: true }),
];

/** Event. */
export const eventRows: readonly Row[] = [
  required({ involvedObject: undefined }, 'involvedObject'),
  invalid(
    { 'involvedObject.namespace': 'other' },
    'involvedObject.namespace',
    '"other": does not match event.namespace',
  ),
  invalid(
    { 'metadata.namespace': 'x', 'involvedObject.namespace': undefined },
    'involvedObject.namespace',
    '"": does not match',
  ),
  typeInvalid(
    { firstTimestamp: 'noon' },
    'firstTimestamp',
    '"noon": firstTimestamp in body must be of type date-time: "noon"',
  ),
  typeInvalid(
    { lastTimestamp: '2026-02-30T00:00:00Z' },
    'lastTimestamp',
    '"2026-02-30T00:00:00Z": lastTimestamp in body must be',
  ),
];

/** What an event with `eventTime` must say. */
const occurrence = {
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingComponent: 'example.com/c',
  reportingInstance: 'i',
  action: 'Do',
  reason: 'R',
};

/** Event that reports one occurrence. */
export const occurrenceRows: readonly Row[] = [
  required({ ...occurrence, reportingComponent: '' }, 'reportingController'),
  invalid({ ...occurrence, reportingComponent: 'a b' }, 'reportingController', '"a b": name part must consist of'),
  required({ ...occurrence, reportingInstance: '' }, 'reportingInstance'),
  required({ ...occurrence, action: '' }, 'action'),
  required({ ...occurrence, reason: undefined }, 'reason'),
  invalid({ ...occurrence, reason: 'x'.repeat(129) }, 'reason', '"": can have at most 128 characters'),
  invalid({ ...occurrence, message: 'x'.repeat(1025) }, 'message', '"": can have at most 1024 characters'),
];

/** ControllerRevision. */
export const controllerRevisionRows: readonly Row[] = [
  required({ revision: undefined }, 'revision'),
  invalid({ revision: -1 }, 'revision', '-1: must be greater than or equal to 0'),
  invalid({ data: { a: 2 } }, 'data', '"object": field is immutable', {}),
];

/** Lease. */
export const leaseRows: readonly Row[] = [
  invalid({ 'spec.leaseDurationSeconds': 0 }, 'spec.leaseDurationSeconds', '0: must be greater than 0'),
  invalid({ 'spec.leaseTransitions': -1 }, 'spec.leaseTransitions', '-1: must be greater than or equal to 0'),
  forbidden({ 'spec.preferredHolder': 'x' }, 'spec.preferredHolder', 'may only be specified if `strategy` is defined'),
];

import { describe, expect, test } from 'vitest';
import { builtInRegistry } from '../../kinds/registry.ts';
import { servedResources } from '../served/served-resources.ts';
import { refusalOf } from '../status/refusal-of.ts';
import { decodeBody, type Decoded } from './decode-body.ts';
import { checkNew, checkReplacement } from './identity.ts';

const resources = servedResources(builtInRegistry().all());
const networks = found('networking.datumapis.com', 'v1alpha', 'networks');
const configMaps = found('', 'v1', 'configmaps');
const secrets = found('', 'v1', 'secrets');
const leases = found('coordination.k8s.io', 'v1', 'leases');
const namespaces = found('', 'v1', 'namespaces');

const network = { apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network', metadata: { name: 'n' } };

describe('built-in kinds are decoded as Go decodes them', () => {
  test('nulls, zero values and unknown fields are left out', () => {
    const { value, findings } = decode(configMaps, {
      metadata: {
        name: 'c',
        labels: { a: null, b: '1' },
        annotations: {},
        creationTimestamp: null,
        foo: 1,
        finalizers: [],
      },
      data: { a: null, b: 'x' },
      binaryData: {},
      immutable: false,
      bogus: { a: 1 },
    });
    expect(value).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', labels: { a: '', b: '1' } },
      data: { a: '', b: 'x' },
      immutable: false,
    });
    expect(findings).toEqual(['unknown field "metadata.foo"', 'unknown field "bogus"']);
  });

  test('paths of findings name places in lists', () => {
    const roles = found('rbac.authorization.k8s.io', 'v1', 'roles');
    const { findings } = decode(roles, { metadata: { name: 'r' }, rules: [{ verbs: ['get'], verb: 1 }] });
    expect(findings).toEqual(['unknown field "rules[0].verb"']);
  });

  test('times and base64 take their usual form', () => {
    const { value } = decode(leases, {
      metadata: { name: 'l', deletionTimestamp: '2024-01-01T01:00:00.5+01:00' },
      spec: { renewTime: '2024-02-29T00:30:00.123456-01:00' },
    });
    expect(value).toMatchObject({
      metadata: { deletionTimestamp: '2024-01-01T00:00:00Z' },
      spec: { renewTime: '2024-02-29T01:30:00.123456Z' },
    });
    expect(decode(secrets, { data: { a: 'YWJj\nZGVm\r\n', b: null } }).value).toMatchObject({
      data: { a: 'YWJjZGVm', b: '' },
    });
  });

  const handled = 'cannot be handled as a';
  test.each([
    [
      configMaps,
      { data: { a: 1 } },
      `ConfigMap in version "v1" ${handled} ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string`,
    ],
    [
      configMaps,
      { data: [] },
      'json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string',
    ],
    [
      configMaps,
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      configMaps,
      { metadata: 'x' },
      'json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta',
    ],
    [
      configMaps,
      { metadata: { ownerReferences: [{ uid: {} }] } },
      'json: cannot unmarshal object into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID',
    ],
    [configMaps, { metadata: { creationTimestamp: 5 } }, 'json: cannot unmarshal number into Go value of type string'],
    [
      configMaps,
      { metadata: { generation: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field ObjectMeta.metadata.generation of type int64',
    ],
    [
      configMaps,
      { immutable: 'yes' },
      'json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool',
    ],
    [secrets, { data: { a: '!!!' } }, 'Secret: illegal base64 data at input byte 0'],
    [secrets, { data: { a: 'YWJ\nj=' } }, 'illegal base64 data at input byte 5'],
    [secrets, { data: { a: 'YWJ' } }, 'illegal base64 data at input byte 0'],
    [
      leases,
      { spec: { leaseTransitions: 3_000_000_000 } },
      'json: cannot unmarshal number 3000000000 into Go struct field LeaseSpec.spec.leaseTransitions of type int32',
    ],
    [
      leases,
      { spec: { renewTime: '2024-01-01T00:00:00.5Z' } },
      'Lease: parsing time "2024-01-01T00:00:00.5Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".5Z" as ".000000"',
    ],
    [
      leases,
      { spec: { renewTime: 'soon' } },
      'parsing time "soon" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "soon" as "2006"',
    ],
    [
      leases,
      { spec: { renewTime: '2023-02-29T00:00:00.000000Z' } },
      'parsing time "2023-02-29T00:00:00.000000Z": day out of range',
    ],
    [leases, { spec: { renewTime: '2023-02-28T25:00:00.000000Z' } }, 'hour out of range'],
    [configMaps, { kind: 'Secret' }, 'Secret in version "v1" cannot be handled as a ConfigMap'],
    [configMaps, { apiVersion: 'v2' }, 'the API version in the data (v2) does not match the expected API version (v1)'],
    [configMaps, { kind: 5 }, 'json: cannot unmarshal number into Go struct field .kind of type string'],
    [configMaps, [], 'the object provided is unrecognized (must be of type ConfigMap)'],
    [configMaps, null, 'the object provided is unrecognized'],
  ])('%#', (served, body, text) => {
    expect(refusalOf(() => decode(served, body))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: expect.stringContaining(text),
    });
  });
});

describe('custom kinds', () => {
  test('have well-formed metadata; all else is left to the store', () => {
    const { value, findings } = decode(networks, {
      ...network,
      metadata: { name: 'n', labels: { a: null }, bogus: 1 },
      spec: { mtu: null, bogus: 1 },
      extra: 1,
    });
    expect(value).toEqual({
      ...network,
      metadata: { name: 'n', labels: { a: '' }, bogus: 1 },
      spec: { mtu: null, bogus: 1 },
      extra: 1,
    });
    expect(findings).toEqual([]);
  });

  test('metadata may be missing or null', () => {
    expect(decode(networks, { ...network, metadata: null }).value.metadata).toEqual({});
    expect(decode(configMaps, {}).value).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} });
  });

  test.each([
    [
      { ...network, metadata: { labels: { a: 1 } } },
      'Network in version "v1alpha" cannot be handled as a Network: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    ],
    [
      { metadata: { name: 'n2' }, spec: { ipam: { mode: 'Auto' } } },
      'the object provided is unrecognized (must be of type Network): Object \'Kind\' is missing in \'{"metadata":{"name":"n2"},"spec":{"ipam":{"mode":"Auto"}}}\' ({"metadata":{"name":"n2"},"spe ...)',
    ],
    [{ kind: 'Network' }, 'the API version in the data () does not match'],
    [{ ...network, metadata: [] }, 'cannot unmarshal array into Go value of type v1.ObjectMeta'],
  ])('%#', (body, text) => {
    expect(refusalOf(() => decode(networks, body))).toMatchObject({
      code: 400,
      message: expect.stringContaining(text),
    });
  });
});

describe('forms', () => {
  const yaml = Buffer.from('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: "1"\n  a: "2"\n');
  const json = Buffer.from('{"metadata":{"name":"c"},"data":{"a":"1","a":"2"}}');
  const fixture = Buffer.from(
    '6b3873000a0f0a0276311209436f6e6669674d6170121c0a120a02633212001a0022002a0032003800420012060a01611201621a002200',
    'hex',
  );
  test.each([
    [undefined, json, ['duplicate field "data.a"']],
    ['application/json', json, ['duplicate field "data.a"']],
    ['Application/JSON; charset=utf-8', json, ['duplicate field "data.a"']],
    ['application/yaml', yaml, ['line 6: key "a" already set in map']],
    ['application/vnd.kubernetes.protobuf', fixture, []],
  ])('%s', (contentType, bytes, findings) => {
    const decoded = decodeBody({ bytes, contentType, shape: configMaps });
    expect(decoded.value).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: expect.any(String) } });
    expect(decoded.findings).toEqual(findings);
  });

  test('others are 415 with what is taken', () => {
    const text =
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml';
    const as = (contentType: string, served: typeof networks) =>
      refusalOf(() => decodeBody({ bytes: fixture, contentType, shape: served }));
    expect(as('text/xml', networks)).toMatchObject({ code: 415, reason: 'UnsupportedMediaType', message: text });
    expect(as('application/vnd.kubernetes.protobuf', networks)).toMatchObject({ code: 415, message: text });
    expect(as('text/xml', configMaps)).toMatchObject({
      code: 415,
      message: `${text}, application/vnd.kubernetes.protobuf`,
    });
  });

  test('a broken body is not repeated in full', () => {
    const bytes = Buffer.from(`[${'9'.repeat(100)}`);
    const { message } = refusalOf(() => decodeBody({ bytes, contentType: undefined, shape: networks }));
    expect(message).toBe(
      `the object provided is unrecognized (must be of type Network): couldn't get version/kind; json parse error: unexpected end of JSON input (${'5b'}${'39'.repeat(29)} ...)`,
    );
  });
});

describe('identity', () => {
  test('the namespace comes from the URL; cluster-wide kinds lose theirs', () => {
    expect(checkNew(decode(networks, network).value, networks, 'here').metadata).toEqual({
      name: 'n',
      namespace: 'here',
    });
    const { value } = decode(namespaces, { metadata: { name: 'n', namespace: 'x' } });
    expect(checkNew(value, namespaces, '').metadata).toEqual({ name: 'n' });
  });

  test.each([
    [
      { namespace: 'other' },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [{ resourceVersion: '1' }, 400, 'resourceVersion should not be set on objects to be created'],
  ])('a new object with %j', (metadata, code, message) => {
    const { value } = decode(networks, { ...network, metadata });
    expect(refusalOf(() => checkNew(value, networks, 'here'))).toMatchObject({ code, message });
  });

  test('a custom object of another kind is invalid', () => {
    const { value } = decode(networks, { ...network, kind: 'Subnet' });
    expect(refusalOf(() => checkNew(value, networks, 'here'))).toMatchObject({
      code: 422,
      message: 'Subnet.networking.datumapis.com "n" is invalid: kind: Invalid value: "Subnet": must be Network',
      details: { name: 'n', group: 'networking.datumapis.com', kind: 'Subnet' },
    });
  });

  test.each([
    [{ name: 'other' }, 'the name of the object (other) does not match the name on the URL (n)'],
    [{}, 'the name of the object (n based on URL) was undeterminable: name must be provided'],
    [
      { name: 'n', namespace: 'x' },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [{ name: 'n', resourceVersion: 'abc' }, 'Invalid value: "abc": invalid resource version'],
  ])('a replacement with %j', (metadata, message) => {
    const { value } = decode(networks, { ...network, metadata });
    expect(refusalOf(() => checkReplacement(value, { served: networks, namespace: 'here', name: 'n' }))).toMatchObject({
      code: 400,
      message,
    });
  });
});

function found(group: string, version: string, plural: string) {
  const served = resources.find(group, version, plural);
  if (served === undefined) throw new Error(`${plural} are not served`);
  return served;
}

function decode(shape: typeof networks, body: unknown): Decoded {
  return decodeBody({ bytes: Buffer.from(JSON.stringify(body)), contentType: undefined, shape });
}

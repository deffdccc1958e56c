import { describe, expect, test } from 'vitest';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { servedResources } from '../served/served-resources.ts';
import { refusalOf } from '../status/refusal-of.ts';
import { readApplyBody } from './apply-body.ts';
import { readPatch } from './apply-patch.ts';

const resources = servedResources(builtInRegistry().all());
const networks = found('networking.datumapis.com', 'v1alpha', 'networks');
const configMaps = found('', 'v1', 'configmaps');

const metadata = {
  name: 'n',
  namespace: 'here',
  uid: 'u',
  resourceVersion: '5',
  creationTimestamp: '2024-01-01T00:00:00Z',
};
const network: Resource = {
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Network',
  metadata,
  spec: { mtu: 1500 },
};
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } };

const merge = 'application/merge-patch+json';
const json = 'application/json-patch+json';
const strategic = 'application/strategic-merge-patch+json';

test('findings are duplicate keys, and unknown fields of built-in kinds, which are left out', () => {
  const text = '{"data":{"a":"1","a":"2"},"bogus":1}';
  expect(patched(configMaps, configMap, merge, text)).toEqual({
    next: { ...configMap, data: { a: '2' } },
    findings: ['duplicate field "data.a"', 'unknown field "bogus"'],
  });
  expect(patched(networks, network, merge, '{"spec":{"bogus":1}}')).toEqual({
    next: { ...network, spec: { mtu: 1500, bogus: 1 } },
    findings: [],
  });
  const operations = '[{"op":"test","op":"add","path":"/spec/mtu","value":1,"note":1}]';
  expect(patched(networks, network, json, operations).findings).toEqual([
    'json patch duplicate field "[0].op"',
    'json patch unknown field "[0].note"',
  ]);
});

test('a null in a map of metadata is the empty text', () => {
  const { next } = patched(networks, network, json, '[{"op":"add","path":"/metadata/labels","value":{"n":null}}]');
  expect(next.metadata.labels).toEqual({ n: '' });
});

test('a patch can be applied again, and touches neither object', () => {
  const patch = readPatch({
    contentType: json,
    bytes: Buffer.from('[{"op":"add","path":"/spec/list","value":[]},{"op":"add","path":"/spec/list/-","value":1}]'),
    served: networks,
  });
  const before = structuredClone(network);
  const first = patch.applyTo(network);
  expect(patch.applyTo(network)).toEqual(first);
  expect(first.next.spec).toEqual({ mtu: 1500, list: [1] });
  expect(network).toEqual(before);
});

describe('what a patch may not change', () => {
  test.each([
    ['{"metadata":{"name":"other"}}', 400, 'the name of the object (other) does not match the name on the URL (n)'],
    [
      '{"metadata":{"name":null}}',
      400,
      'the name of the object (n based on URL) was undeterminable: name must be provided',
    ],
    ['{"metadata":null}', 400, 'the name of the object (n based on URL) was undeterminable: name must be provided'],
    [
      '{"metadata":{"namespace":"other"}}',
      400,
      'the namespace of the object (other) does not match the namespace on the URL (here)',
    ],
    ['{"metadata":{"resourceVersion":"abc"}}', 400, 'Invalid value: "abc": invalid resource version'],
    [
      '{"kind":"Subnet"}',
      422,
      'Subnet.networking.datumapis.com "n" is invalid: kind: Invalid value: "Subnet": must be Network',
    ],
    [
      '{"apiVersion":"v9"}',
      422,
      'Network "n" is invalid: apiVersion: Invalid value: "v9": must be networking.datumapis.com/v1alpha',
    ],
    [
      '{"metadata":{"uid":"x"}}',
      422,
      'Network.networking.datumapis.com "n" is invalid: [metadata.uid: Invalid value: "x": field is immutable, metadata.uid: Invalid value: "x": field is immutable]',
    ],
    ['{"kind":5}', 422, ' "" is invalid: patch: Invalid value: "object": apiVersion and kind must be strings'],
    [
      '{"metadata":{"labels":{"a":1}}}',
      422,
      ' "" is invalid: patch: Invalid value: "object": json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    ],
    [
      '{"metadata":"x"}',
      422,
      ' "" is invalid: patch: Invalid value: "object": json: cannot unmarshal string into Go value of type v1.ObjectMeta',
    ],
  ])('%s', (text, code, message) => {
    expect(refusalOf(() => patched(networks, network, merge, text))).toMatchObject({ code, message });
  });

  test('uid, version and namespace may be left out', () => {
    expect(
      patched(networks, network, merge, '{"metadata":{"uid":null,"resourceVersion":null,"namespace":null}}').next
        .metadata,
    ).toEqual({ name: 'n', creationTimestamp: metadata.creationTimestamp });
  });
});

describe('refused', () => {
  const doesNotApply = 'the server rejected our request due to an error in our request';
  const deep = `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`;
  const nesting = JSON.stringify(
    Array.from({ length: 400 }, (_, index) => ({
      op: 'add',
      path: `/spec${'/a/b'.repeat(index)}/a`,
      value: { b: {} },
    })),
  );
  test.each([
    [networks, network, merge, '[]', 400, 'error decoding patch: a patch must be an object'],
    [networks, network, merge, '{', 400, 'error decoding patch: unexpected end of JSON input'],
    [networks, network, merge, '', 400, 'error decoding patch: unexpected end of JSON input'],
    [networks, network, merge, deep, 400, 'error decoding patch: exceeded max depth'],
    [networks, network, json, '{"op":"add"}', 400, 'error decoding patch: a JSON patch must be a list of operations'],
    [networks, network, json, '[{"op":"test","path":"/spec/mtu","value":1}]', 422, doesNotApply],
    [
      networks,
      network,
      json,
      '[{"op":"replace","path":"","value":[]}]',
      422,
      ' "" is invalid: patch: Invalid value: "object": the result is no object',
    ],
    [networks, network, json, nesting, 422, ' "" is invalid: patch: Invalid value: "object": the result is too large'],
    [
      configMaps,
      configMap,
      strategic,
      '{"data":{"$patch":"explode"}}',
      400,
      'error decoding patch: unknown patch type: "explode"',
    ],
    [
      configMaps,
      configMap,
      merge,
      '{"data":{"a":1}}',
      422,
      ' "" is invalid: patch: Invalid value: "object": json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
  ])('%#', (served, current, type, text, code, message) => {
    expect(refusalOf(() => patched(served, current, type, text))).toMatchObject({ code, message });
  });

  test.each([
    [networks, strategic, `${json}, ${merge}, application/apply-patch+yaml`],
    [networks, 'application/json', `${json}, ${merge}, application/apply-patch+yaml`],
    [networks, '', `${json}, ${merge}, application/apply-patch+yaml`],
    [configMaps, 'application/json', `${json}, ${merge}, ${strategic}, application/apply-patch+yaml`],
  ])('%#: a type that is not taken', (served, contentType, accepted) => {
    expect(refusalOf(() => readPatch({ contentType, bytes: Buffer.from('{}'), served }))).toMatchObject({
      code: 415,
      message: `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    });
  });
});

describe('bodies of apply', () => {
  const target = { served: networks, namespace: 'here', name: 'web' };
  const head = 'apiVersion: networking.datumapis.com/v1alpha\nkind: Network\n';

  test('are YAML or JSON, and stay as they were sent', () => {
    const yaml = `${head}metadata: {name: web, labels: {}}\nspec:\n  mtu: 1400\n  mtu: 1500\n`;
    expect(readApplyBody(Buffer.from(yaml), target, 'Warn')).toEqual({
      value: { ...network, metadata: { name: 'web', labels: {} } },
      findings: ['line 6: key "mtu" already set in map'],
    });
    expect(refusalOf(() => readApplyBody(Buffer.from(yaml), target, 'Strict'))).toMatchObject({
      code: 400,
      message: 'error strict decoding YAML: yaml: unmarshal errors:\n  line 6: key "mtu" already set in map',
    });
    const value = { ...network, metadata: { ...metadata, name: 'web' } };
    expect(readApplyBody(Buffer.from(JSON.stringify(value)), target, 'Strict')).toEqual({ value, findings: [] });
  });

  test.each(['', 'metadata:', 'metadata: {}', 'metadata: {name: null}'])('take their name from the URL: %j', (text) => {
    expect(readApplyBody(Buffer.from(head + text), target, 'Warn').value).toMatchObject({ metadata: { name: 'web' } });
  });

  test.each([
    ['{', 'error decoding YAML: '],
    ['[]', 'error decoding YAML: the body must be an object'],
    ['metadata: {name: web}', "error decoding YAML: Object 'Kind' is missing"],
    [`${head}metadata: {name: x}`, 'the name of the object (x) does not match the name on the URL (web)'],
    [`${head}metadata: {name: web, namespace: x}`, 'the namespace of the provided object does not match'],
    [`${head}metadata: {name: web, managedFields: [{manager: x}]}`, 'metadata.managedFields must be nil'],
    [`${head}metadata: {name: 5}`, 'json: cannot unmarshal number into Go struct field ObjectMeta.name of type string'],
    [`${head}metadata: []`, 'cannot unmarshal array'],
    [
      'apiVersion: networking.datumapis.com/v9\nkind: Network',
      'Incorrect version specified in apply patch. Specified patch version: networking.datumapis.com/v9, expected: networking.datumapis.com/v1alpha',
    ],
    [
      'apiVersion: networking.datumapis.com/v1alpha\nkind: Subnet',
      'the kind in the data (Subnet) does not match the expected kind (Network)',
    ],
  ])('%s', (text, message) => {
    expect(refusalOf(() => readApplyBody(Buffer.from(text), target, 'Warn'))).toMatchObject({
      code: 400,
      message: expect.stringContaining(message),
    });
  });
});

function found(group: string, version: string, plural: string) {
  const served = resources.find(group, version, plural);
  if (served === undefined) throw new Error(`${plural} are not served`);
  return served;
}

function patched(served: typeof networks, current: Resource, contentType: string, text: string) {
  return readPatch({ contentType, bytes: Buffer.from(text), served }).applyTo(current);
}

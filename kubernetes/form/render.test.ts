import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { decodeProtobuf } from '../protobuf/decode-protobuf.ts';
import { servedResources } from '../served/served-resources.ts';
import type { Served } from '../served/served.ts';
import { notAcceptable } from '../status/refusals.ts';
import { form } from './form.ts';
import { renderList, renderObject, renderStatus } from './render.ts';
import { renderBookmark, renderWatchError, renderWatchEvent, watchShape } from './watch-event.ts';

const resources = servedResources(builtInRegistry().all());
const find = (group: string, version: string, plural: string): Served => {
  const found = resources.find(group, version, plural);
  if (found === undefined) throw new Error(`${plural} is not served`);
  return found;
};
const configMaps = find('', 'v1', 'configmaps');
const networks = find('networking.datumapis.com', 'v1alpha', 'networks');

const configMap = (name: string): Resource & { data: Record<string, string> } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'default',
    uid: 'u',
    resourceVersion: '5',
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [
      {
        manager: 'm',
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:answer': {} } },
      },
    ],
  },
  // Words that readers of YAML 1.1 take for something else.
  data: { answer: 'yes', hour: '12:30', number: '0o7', empty: '', many: 'a\nb\n', norway: 'no', tilde: '~' },
});

const listMeta = { resourceVersion: '9', continue: 'more', remainingItemCount: 3 };
const items = [configMap('a'), configMap('b')];
const bare = items.map(({ metadata, data }) => ({ metadata, data }));

describe('an object', () => {
  test('as JSON, as YAML, as metadata', () => {
    expect(JSON.parse(renderObject(form('object', 'json'), configMaps, items[0]!).toString())).toEqual(items[0]);
    const yaml = renderObject(form('object', 'yaml'), configMaps, items[0]!).toString();
    expect(yaml).toMatch(/^apiVersion: v1\nkind: ConfigMap\n/);
    for (const version of ['1.1', '1.2'] as const) expect(parse(yaml, { version })).toEqual(items[0]);
    expect(JSON.parse(renderObject(form('metadata', 'json', 'v1beta1'), configMaps, items[0]!).toString())).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1beta1',
      metadata: items[0]!.metadata,
    });
  });

  test('as metadata in protobuf', () => {
    expect(decodeProtobuf(renderObject(form('metadata', 'protobuf'), configMaps, items[0]!) as Buffer)).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: items[0]!.metadata,
    });
  });
});

describe('a list', () => {
  test('of a built-in kind has items without apiVersion and kind, of a custom one with them', () => {
    const text = renderList(form('object', 'json'), configMaps, items, listMeta).toString();
    expect(JSON.parse(text)).toEqual({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: listMeta, items: bare });
    const network = { ...items[0]!, apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network' };
    expect(JSON.parse(renderList(form('object', 'json'), networks, [network], listMeta).toString())).toEqual({
      kind: 'NetworkList',
      apiVersion: 'networking.datumapis.com/v1alpha',
      metadata: listMeta,
      items: [network],
    });
  });

  test.each([[items], [[]]])('is the same in every encoding', (some) => {
    for (const as of ['object', 'metadata', 'table'] as const) {
      const json: unknown = JSON.parse(renderList(form(as, 'json'), configMaps, some, listMeta).toString());
      expect(parse(renderList(form(as, 'yaml'), configMaps, some, listMeta).toString())).toEqual(json);
      expect(json).toMatchObject({ metadata: listMeta, [as === 'table' ? 'rows' : 'items']: some.map(() => ({})) });
    }
  });

  test('of metadata in protobuf', () => {
    const bytes = renderList(form('metadata', 'protobuf'), configMaps, items, listMeta) as Buffer;
    expect(decodeProtobuf(bytes)).toEqual({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: listMeta,
      items: items.map(({ metadata }) => ({ metadata })),
    });
  });
});

describe('a watch', () => {
  const tables = form('table', 'json');

  test('only tables tell the first event from others', () => {
    expect(watchShape(tables, configMaps, true)).not.toBe(watchShape(tables, configMaps, false));
    const metadata = form('metadata', 'json');
    expect(watchShape(metadata, configMaps, true)).toBe(watchShape(metadata, configMaps, false));
    const shapes = [
      watchShape(metadata, configMaps, true),
      watchShape(metadata, networks, true),
      watchShape(form('metadata', 'json', 'v1beta1'), configMaps, true),
      watchShape(form('table', 'json', 'v1', 'None'), configMaps, false),
      watchShape(tables, configMaps, false),
    ];
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test('sends one object a line', () => {
    const line = renderWatchEvent(form('object', 'json'), configMaps, 'MODIFIED', items[0]!, true);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({ type: 'MODIFIED', object: items[0] });
  });

  test('a bookmark in a table is a table with the revision', () => {
    const line = renderBookmark(tables, configMaps, '44', { initialEnd: false, first: false });
    expect(JSON.parse(line)).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Table', metadata: { resourceVersion: '44' }, columnDefinitions: null },
    });
  });

  test('a refusal stays a Status', () => {
    const { status } = notAcceptable();
    expect(JSON.parse(renderWatchError(status))).toEqual({ type: 'ERROR', object: status });
  });
});

describe('a refusal', () => {
  const { status } = notAcceptable();

  test.each([
    [undefined, 'application/json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
    ['application/yaml', 'application/yaml'],
    ['application/vnd.kubernetes.protobuf', 'application/vnd.kubernetes.protobuf'],
  ])('to %s goes out as %s', (accept, expected) => {
    const { type, body } = renderStatus(accept, status);
    expect(type).toBe(expected);
    if (typeof body === 'string') expect(parse(body)).toEqual(status);
    else expect(decodeProtobuf(body)).toEqual({ ...status, metadata: undefined });
  });
});

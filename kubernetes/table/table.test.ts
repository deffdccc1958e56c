import { describe, expect, test } from 'vitest';
import type { Column } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { servedResources } from '../served/served-resources.ts';
import type { Served } from '../served/served.ts';
import { columnsOf } from './columns-of.ts';
import { pathColumn } from './path-column.ts';
import { tableOf } from './table.ts';

const resources = servedResources(builtInRegistry().all());
const metadata = {
  name: 'a',
  namespace: 'default',
  uid: '1',
  resourceVersion: '7',
  creationTimestamp: new Date(Date.now() - 3_600_000 * 5).toISOString(),
};

function served(group: string, version: string, plural: string): Served {
  const found = resources.find(group, version, plural);
  if (found === undefined) throw new Error(`${plural} is not served`);
  return found;
}

function cells(of: Served, fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  const object: Resource = { apiVersion: 'any', kind: of.kind, metadata, ...fields };
  return tableOf(of, [object], { listMeta: { resourceVersion: '9' } }).rows[0]?.cells ?? [];
}

describe('every resource that is served', () => {
  test.each(resources.all.map((each) => [`${each.group}/${each.plural}`, each] as const))('%s', (_name, each) => {
    const definitions = columnsOf(each).map(({ definition }) => definition);
    expect(definitions.length).toBeGreaterThan(1);
    expect(definitions.some(({ name }) => name === 'Name')).toBe(true);
    // Objects are as clients sent them: no field needs to be there.
    expect(cells(each, {})).toHaveLength(definitions.length);
    expect(columnsOf(each)).toBe(columnsOf(each));
  });
});

describe('built-in kinds', () => {
  test.each([
    ['', 'v1', 'namespaces', { status: { phase: 'Active' } }, ['a', 'Active', '5h']],
    ['', 'v1', 'secrets', { type: 'Opaque', data: { x: '', y: '' } }, ['a', 'Opaque', 2, '5h']],
    ['', 'v1', 'configmaps', { data: { x: '1' }, binaryData: { y: '' } }, ['a', 2, '5h']],
    ['', 'v1', 'configmaps', {}, ['a', 0, '5h']],
    ['coordination.k8s.io', 'v1', 'leases', { spec: {} }, ['a', '', '5h']],
    ['apiextensions.k8s.io', 'v1', 'customresourcedefinitions', {}, ['a', metadata.creationTimestamp]],
  ])('%s/%s %s', (group, version, plural, fields, expected) => {
    expect(cells(served(group, version, plural), fields)).toEqual(expected);
  });

  const events = served('', 'v1', 'events');

  test('an event that happened once', () => {
    const fields = {
      involvedObject: { kind: 'ConfigMap', name: 'c', fieldPath: 'data' },
      reason: 'Why',
      type: 'Normal',
      message: ' because\n',
      eventTime: metadata.creationTimestamp,
      reportingComponent: 'worker',
      reportingInstance: 'one',
    };
    expect(cells(events, fields)).toEqual([
      '5h',
      'Normal',
      'Why',
      'configmap/c',
      'data',
      'worker, one',
      'because',
      '5h',
      1,
      'a',
    ]);
  });

  test('an event of a series', () => {
    const observed = new Date(Date.now() - 30_000).toISOString();
    const fields = { series: { count: 9, lastObservedTime: observed }, firstTimestamp: metadata.creationTimestamp };
    expect(cells(events, fields)).toEqual([expect.stringMatching(/^3\ds$/), '', '', '', '', '', '', '5h', 9, 'a']);
  });

  test('an event as its newer group shows it', () => {
    const fields = {
      regarding: { kind: 'Network' },
      note: 'n',
      deprecatedSource: { component: 'old' },
      deprecatedLastTimestamp: metadata.creationTimestamp,
      deprecatedCount: 3,
    };
    expect(cells(events, fields)).toEqual(['5h', '', '', 'network', '', 'old', 'n', '<unknown>', 3, 'a']);
  });
});

describe('declared columns', () => {
  const cell = (type: Column['type'], value: unknown): unknown => {
    const column = pathColumn({ name: 'X', type, jsonPath: '.spec.x', wide: false });
    return column.cell({ apiVersion: '', kind: '', metadata, spec: { x: value } }, Date.now());
  };

  test.each([
    ['string', 'text', 'text'],
    ['string', 7, '7'],
    ['string', false, 'false'],
    ['string', { a: [1] }, '{"a":[1]}'],
    ['string', null, null],
    ['integer', 7, 7],
    ['integer', 7.9, 7],
    ['integer', '7', null],
    ['number', 1.5, 1.5],
    ['number', 'x', null],
    ['boolean', true, true],
    ['boolean', 'true', null],
    ['date', metadata.creationTimestamp, '5h'],
    ['date', 'never', '<invalid>'],
    ['date', 12, null],
    ['string', undefined, null],
  ] as const)('%s of %j', (type, value, expected) => {
    expect(cell(type, value)).toEqual(expected);
  });
});

test('rows carry what was asked for, and columns may be left out', () => {
  const of = served('', 'v1', 'configmaps');
  const object: Resource = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  const listMeta = { resourceVersion: '9', continue: 'c', remainingItemCount: 4 };
  const carried = (['None', 'Metadata', 'Object'] as const).map(
    (include) => tableOf(of, [object], { listMeta, include }).rows[0]?.object,
  );
  expect(carried).toEqual([null, { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }, object]);
  expect(tableOf(of, [], { listMeta, version: 'v1beta1', withColumns: false })).toEqual({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1beta1',
    metadata: listMeta,
    columnDefinitions: null,
    rows: [],
  });
});

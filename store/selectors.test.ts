import { expect, it } from 'vitest';
import { asAdmin, testStore } from '../test/support/store.ts';
import { parseLabelSelector } from './label-selector.ts';
import { compileSelection } from './selectors.ts';

const labelled = {
  none: {},
  web: { tier: 'web', n: '7' },
  edge: { tier: 'edge', 'example.com/x': '' },
  far: { tier: 'edge', n: '3' },
  odd: { n: 'seven', constructor: 'x' },
};

const selectors: readonly [string, readonly string[]][] = [
  ['', ['edge', 'far', 'none', 'odd', 'web']],
  ['tier', ['edge', 'far', 'web']],
  ['!tier', ['none', 'odd']],
  ['tier=edge', ['edge', 'far']],
  ['tier==edge,n', ['far']],
  ['tier != edge', ['none', 'odd', 'web']],
  ['tier in (web, edge)', ['edge', 'far', 'web']],
  ['tier notin (web,edge)', ['none', 'odd']],
  ['tier in ()', []],
  ['example.com/x=', ['edge']],
  ['example.com/x in (,a)', ['edge']],
  ['n>6', ['web']],
  ['n < 5', ['far']],
  ['constructor', ['odd']],
  ['toString', []],
  [' tier = edge , !n ', ['edge']],
];

it('selects the same objects in Postgres and in memory', async () => {
  const { store, registry } = await testStore();
  for (const [name, labels] of Object.entries(labelled))
    await store.create(asAdmin, 'ConfigMap', { metadata: { name, namespace: 'default', labels } });
  const all = (await store.list(asAdmin, 'ConfigMap')).items;
  for (const [labelSelector, names] of selectors) {
    const { items } = await store.list(asAdmin, 'ConfigMap', { labelSelector });
    const matches = compileSelection(registry.get('ConfigMap'), { labelSelector }, () => []);
    expect([labelSelector, ...items.map(({ metadata }) => metadata.name)]).toEqual([labelSelector, ...names]);
    expect(all.filter(matches).map(({ metadata }) => metadata.name)).toEqual(names);
  }
  const fields: readonly [string, number][] = [
    ['metadata.name=web', 1],
    ['metadata.name!=web,metadata.namespace=default', 4],
    ['metadata.name=web\\,edge', 0],
    ['metadata.namespace=', 0],
  ];
  for (const [fieldSelector, count] of fields) {
    const matches = compileSelection(registry.get('ConfigMap'), { fieldSelector }, () => []);
    expect((await store.list(asAdmin, 'ConfigMap', { fieldSelector })).items).toHaveLength(count);
    expect(all.filter(matches)).toHaveLength(count);
  }
});

it('finds a text in Postgres and in memory', async () => {
  const { store, registry } = await testStore();
  for (const [name, labels] of Object.entries(labelled))
    await store.create(asAdmin, 'Secret', {
      metadata: { name, namespace: 'default', labels },
      type: name === 'web' ? 'example.com/Certificate' : 'Opaque',
    });
  const all = (await store.list(asAdmin, 'Secret')).items;
  const texts: readonly [string, readonly string[]][] = [
    ['', ['edge', 'far', 'none', 'odd', 'web']],
    [' fAr ', ['far']],
    ['tier=e', ['edge', 'far']],
    ['com/x', ['edge']],
    ['com/certi', ['web']],
    ['default', ['edge', 'far', 'none', 'odd', 'web']],
    ['constructor=X', ['odd']],
    ['%', []],
    ['_', []],
    ["'", []],
    ['tier": ', []],
  ];
  for (const [text, names] of texts) {
    const { items } = await store.list(asAdmin, 'Secret', { text });
    expect([text, ...items.map(({ metadata }) => metadata.name)]).toEqual([text, ...names]);
    const matches = compileSelection(registry.get('Secret'), { text }, () => []);
    expect([text, ...all.filter(matches).map(({ metadata }) => metadata.name)]).toEqual([text, ...names]);
  }
});

it.each([
  'a b c',
  'a=b c',
  '-a=b',
  'a in (',
  'a in b',
  'a in (b',
  'a,,b',
  'a,',
  ',a',
  'a>x',
  'a=!',
  '!',
  'a=b=c',
  `a=${'x'.repeat(64)}`,
  '\u0000',
  'a in ((b))',
])('refuses the label selector %j', (text) => {
  expect(() => parseLabelSelector(text)).toThrow('unable to parse label selector');
});

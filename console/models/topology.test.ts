import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf } from './graph-layout.ts';
import { context, instance, network, subnet } from './model-objects.fixture.ts';
import { type Graph, graphOf, type GraphParts, layers } from './topology.ts';

const parts = (more: Partial<GraphParts> = {}): GraphParts => ({
  network: network(),
  contexts: [context('c-dfw', 'dfw'), context('c-lhr', 'lhr'), context('other', 'dfw', 'another')],
  subnets: [subnet('s-dfw', 'c-dfw', '10.128.0.0', 20), subnet('s-lhr', 'c-lhr', '10.128.16.0', 20)],
  instances: [],
  cloudResources: new Map(),
  maxInstances: 5,
  ...more,
});

/** `from → to` by name. */
function lines({ nodes, edges }: Graph): string[] {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return edges.map(({ from, to }) => `${names.get(from)} → ${names.get(to)}`);
}

test('an instance hangs on the subnet that its address is in, before that on its place', () => {
  const graph = graphOf(
    parts({
      instances: [
        instance('b', '10.128.16.9'),
        instance('a', '10.128.0.2'),
        instance('placed'),
        instance('new', undefined, { spec: { location: undefined } }),
        instance('elsewhere', '10.128.0.3', { spec: { networkInterfaces: [{ network: { name: 'another' } }] } }),
      ],
      cloudResources: new Map([['uid-a', [{ type: 'compute.instances', name: 'vm-a', state: 'ready', verb: 'none' }]]]),
    }),
  );
  expect(lines(graph).toSorted()).toEqual([
    'a → vm-a',
    'c-dfw → placed',
    'c-dfw → s-dfw',
    'c-lhr → s-lhr',
    'net → c-dfw',
    'net → c-lhr',
    'net → new',
    's-dfw → a',
    's-lhr → b',
  ]);
  expect(graph.nodes.find(({ name }) => name === 'a')).toMatchObject({ detail: '10.128.0.2', tone: 'good' });
});

test('too many instances of one subnet are counted', () => {
  const instances = Array.from({ length: 40 }, (_, n) => instance(`i-${n}`, `10.128.0.${n + 2}`));
  const { nodes } = graphOf(parts({ instances }));
  expect(nodes.filter(({ layer }) => layer === 'Instance').map(({ name }) => name)).toEqual([
    'i-0',
    'i-1',
    'i-2',
    'i-3',
    '36 more',
  ]);
  expect(nodes.find(({ hidden }) => hidden !== undefined)?.hidden).toBe(36);
});

test('no two nodes are drawn at one place, edges lead to the right, and order does not matter', () => {
  const made = fc.record({
    places: fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 6 }),
    instances: fc.uniqueArray(fc.record({ at: fc.nat({ max: 11 }), host: fc.integer({ min: 2, max: 250 }) }), {
      maxLength: 40,
      selector: ({ at, host }) => `${at} ${host}`,
    }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(made, ({ places, instances, seed }) => {
      const all = parts({
        contexts: places.map((at) => context(`c${at}`, `l${at}`)),
        subnets: places.map((at) => subnet(`s${at}`, `c${at}`, `10.128.${at * 16}.0`, 20)),
        instances: instances.map(({ at, host }) => instance(`i${at}-${host}`, `10.128.${at * 16}.${host}`)),
      });
      const graph = graphOf(all);
      const { placed, lines: count } = layoutOf(graph);
      expect(placed).toHaveLength(graph.nodes.length);
      expect(new Set(placed.map(({ column, line }) => `${column} ${line}`)).size).toBe(placed.length);
      for (const { line } of placed) expect(line).toBeLessThan(count);
      const columns = new Map(placed.map(({ node, column }) => [node.id, column]));
      for (const { from, to } of graph.edges) expect(columns.get(from)!).toBeLessThan(columns.get(to)!); // Both are placed.
      expect(Math.max(...columns.values())).toBeLessThan(layers.length);
      const turned = <T>(list: readonly T[]): T[] => [...list.slice(seed % 7), ...list.slice(0, seed % 7)];
      const other = {
        ...all,
        contexts: turned(all.contexts),
        subnets: turned(all.subnets),
        instances: turned(all.instances),
      };
      expect(layoutOf(graphOf(other))).toEqual({ placed, lines: count });
    }),
  );
});

test('one more at the end of a list moves nothing that stands above it', () => {
  const first = parts({ instances: [instance('a-1', '10.128.0.2'), instance('a-2', '10.128.0.3')] });
  const before = layoutOf(graphOf(first));
  const after = layoutOf(graphOf({ ...first, instances: [...first.instances, instance('a-10', '10.128.0.4')] }));
  const above = before.placed.filter(({ node }) => !node.name.endsWith('lhr'));
  expect(after.placed).toEqual(expect.arrayContaining(above));
});

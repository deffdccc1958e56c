import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../kinds/schema/json.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { servedResources } from '../served/served-resources.ts';
import { definitionOf, definitions } from './definition.ts';

type Node = Record<string, unknown>;

const registry = builtInRegistry();
const all = definitions(servedResources(registry.all()).all);
const versionOf = (definition: unknown): Node => (definition as { spec: { versions: Node[] } }).spec.versions[0] ?? {};
const schemaOf = (definition: unknown): Node => (versionOf(definition)['schema'] as Node)['openAPIV3Schema'] as Node;

function* schemasOf(schema: Node, path: string): Generator<readonly [string, Node]> {
  yield [path, schema];
  for (const [name, inner] of Object.entries((schema['properties'] ?? {}) as Node)) {
    yield* schemasOf(inner as Node, `${path}.${name}`);
  }
  if (isObject(schema['items'])) yield* schemasOf(schema['items'], `${path}[]`);
  if (isObject(schema['additionalProperties'])) yield* schemasOf(schema['additionalProperties'], `${path}{}`);
}

it('are of the custom kinds, sorted by name', () => {
  const names = all.map(({ metadata }) => metadata.name);
  expect(names).toEqual(
    registry
      .all()
      .filter(({ group }) => group.endsWith('.datumapis.com'))
      .map(({ plural, group }) => `${plural}.${group}`)
      .toSorted(),
  );
});

it('are the same in every process', () => {
  const again = definitionOf({ ...registry.get('Network') });
  expect(again).not.toBe(definitionOf(registry.get('Network')));
  expect(again).toEqual(definitionOf(registry.get('Network')));
  expect(again.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('tell of the scale of workloads and of nothing else', () => {
  const scaled = all.filter((one) => 'scale' in (versionOf(one)['subresources'] as Node));
  expect(scaled.map(({ metadata }) => metadata.name)).toEqual(['workloads.compute.datumapis.com']);
});

describe.each(all.map((one) => [one.metadata.name, one] as const))('%s', (_, definition) => {
  const schemas = [...schemasOf(schemaOf(definition), '')];

  it('has a structural schema', () => {
    for (const [path, schema] of schemas) {
      const free =
        schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
      if (!free) expect([path, schema['type']]).toEqual([path, expect.any(String)]);
      if (schema['type'] === 'array') expect([path, isObject(schema['items'])]).toEqual([path, true]);
      const exclusive = schema['properties'] !== undefined && schema['additionalProperties'] !== undefined;
      expect([path, exclusive]).toEqual([path, false]);
    }
  });

  it('keeps our own keywords to itself', () => {
    const keys = schemas.flatMap(([, schema]) => Object.keys(schema));
    expect(keys.filter((key) => key.startsWith('x-datum'))).toEqual([]);
  });

  it('names the keys of its lists where they stand', () => {
    for (const [path, schema] of schemas) {
      if (schema['x-kubernetes-list-type'] !== 'map') continue;
      const item = schema['items'] as { properties: Node };
      expect([path, Object.keys(item.properties)]).toEqual([
        path,
        expect.arrayContaining(schema['x-kubernetes-list-map-keys'] as string[]),
      ]);
    }
  });
});

// What a real Kubernetes API server was loaded with. It lies beside the repository, not in it.
const golden = new URL('../../../shared/golden/kubernetes/kinds.json', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Recorded definitions skipped: ../shared/golden/kubernetes is not beside the repository');
const recorded = present ? (JSON.parse(readFileSync(golden, 'utf8')) as { items: Node[] }).items : [];

/** What ours says where the recorded schema says something; names in the order of the alphabet, as order means nothing. */
function reduced(ours: unknown, theirs: unknown): unknown {
  if (Array.isArray(ours) && ours.every((item) => typeof item === 'string')) return ours.toSorted();
  if (!isObject(ours) || !isObject(theirs)) return ours;
  return Object.fromEntries(
    Object.keys(theirs)
      .filter((key) => Object.hasOwn(ours, key))
      .map((key) => [key, reduced(ours[key], theirs[key])]),
  );
}

describe.runIf(present)('recorded definitions', () => {
  it.each(recorded.map((one) => [(one['metadata'] as Node)['name'], one] as const))('%s', (name, theirs) => {
    const ours = all.find(({ metadata }) => metadata.name === name);
    const { spec } = ours as unknown as { spec: Node };
    const recordedSpec = theirs['spec'] as Node;
    expect(spec).toMatchObject({ group: recordedSpec['group'], scope: recordedSpec['scope'] });
    expect(spec['names']).toEqual(recordedSpec['names']);
    expect(versionOf(ours)).toMatchObject({ name: 'v1alpha', served: true, storage: true });
    expect(versionOf(ours)['additionalPrinterColumns']).toEqual(versionOf(theirs)['additionalPrinterColumns']);
    expect(reduced(schemaOf(ours), schemaOf(theirs))).toEqual(reduced(schemaOf(theirs), schemaOf(theirs)));
  });
});

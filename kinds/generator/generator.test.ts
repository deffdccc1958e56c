import { globSync, readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { plugin as admitters } from './admitters.ts';
import { factsOf, plugin as facts } from './facts.ts';
import { readModel } from './model.ts';
import { kebabOf, pluralFieldOf } from './names.ts';
import { plugin as types } from './types.ts';

const files = globSync('kinds/{*.graphql,{core,networking,compute}/*.graphql}').toSorted();

/** The schema of these files in this order. */
function schemaOf(paths: readonly string[]): GraphQLSchema {
  return buildSchema(paths.map((path) => readFileSync(path, 'utf8')).join('\n'));
}

/** The smallest vocabulary with one kind whose spec is given. */
function small(spec: string): GraphQLSchema {
  const kind = `type Thing @kind(group: "x.y", version: "v1", area: "core", plural: "things") { metadata: ObjectMeta! spec: Spec }`;
  const directives = readFileSync('kinds/directives.graphql', 'utf8');
  return buildSchema([directives, 'type ObjectMeta { name: String }', kind, spec].join('\n'));
}

describe('generator', () => {
  const schema = schemaOf(files);

  test.each([
    ['facts.json', facts],
    ['types.ts', types],
    ['admit.ts', admitters],
  ])('%s is what the SDL says, whatever the order of files', (file, plugin) => {
    const committed = readFileSync(`kinds/generated/${file}`, 'utf8');
    expect(plugin(schema), `stale: npm run codegen`).toBe(committed);
    expect(plugin(schemaOf(files.toReversed()))).toBe(committed);
  });

  test('every kind of the reference is there, in a file of its name', () => {
    const { kinds } = readModel(schema);
    expect(kinds.map((kind) => kind.name)).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'ControllerRevision',
      'Event',
      'Instance',
      'Lease',
      'Location',
      'Namespace',
      'Network',
      'NetworkBinding',
      'NetworkContext',
      'NetworkPolicy',
      'Organization',
      'Project',
      'ResourceQuota',
      'Role',
      'RoleBinding',
      'Secret',
      'ServiceAccount',
      'Subnet',
      'SubnetClaim',
      'Workload',
      'WorkloadDeployment',
    ]);
    for (const kind of kinds) expect(files).toContain(`kinds/${kind.area}/${kebabOf(kind.name)}.graphql`);
  });

  test('every kind says what it is', () => {
    expect(factsOf(readModel(schema)).kinds.filter((kind) => kind.description === '')).toEqual([]);
  });

  test('a field that refers leads both ways, in each kind that holds it', () => {
    const kinds = new Map(factsOf(readModel(schema)).kinds.map((kind) => [kind.id, kind]));
    const relations = (id: string): (string | undefined)[] =>
      kinds.get(id)?.references.flatMap(({ field, inverse }) => (field ? [`${field} ${inverse ?? ''}`] : [])) ?? [];
    expect(relations('Instance')).toEqual([
      'networks instances',
      'configMaps instances',
      'secrets instances',
      'location instances',
    ]);
    // The template's location is the controller's affair: it is no relation of the workload.
    expect(relations('Workload')).toEqual(['networks workloads', 'configMaps workloads', 'secrets workloads']);
    expect(kinds.get('Instance')?.owners).toEqual([
      { kind: 'WorkloadDeployment', field: 'deployment', inverse: 'instances' },
    ]);
  });

  test('what cannot be is refused with its place', () => {
    expect(() => facts(small('type Spec { a: String @default(value: "{") }'))).toThrow('Spec.a: { is not JSON');
    expect(() => facts(small('type Spec { a: String @ref(kind: "Nothing") }'))).toThrow('refers to Nothing');
    expect(() => facts(small('scalar Odd type Spec { a: Odd }'))).toThrow('No schema for scalar Odd');
    expect(() => facts(small('type Spec { a: [[String!]!] }'))).toThrow('Spec.a: lists of lists');
  });

  test.each([
    ['Network', 'networks', 'networks'],
    ['NetworkPolicy', 'networkpolicies', 'networkPolicies'],
    ['WorkloadDeployment', 'workloaddeployments', 'workloadDeployments'],
  ])('plural of %s', (name, plural, field) => {
    expect(pluralFieldOf(name, plural)).toBe(field);
  });
});

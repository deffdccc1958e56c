import { readFileSync } from 'node:fs';
import { buildSchema, parse, print, type DefinitionNode } from 'graphql';
import { expect, test } from 'vitest';
import { readModel } from '../model.ts';
import { scalarsOf } from './scalars.ts';
import { subgraphSdl } from './subgraph.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const sdl = /* GraphQL */ `
  type Lake @kind(group: "test", version: "v1", area: "networking", plural: "lakes") {
    metadata: ObjectMeta!
    spec: LakeSpec!
    status: LakeStatus
  }
  type LakeSpec {
    depth: Int! @default(value: "10", stored: true)
    name: String!
    fish: [Fish!]
    tags: StringMap
    shore: Shore
    river: RiverRef @ref(kind: "River", field: "river", inverse: "lakes")
  }
  type RiverRef {
    name: String!
  }
  type Fish {
    species: String!
  }
  type Shore {
    length: Int!
  }
  type LakeStatus {
    full: Boolean
  }
  type River @kind(group: "test", version: "v1", area: "core", plural: "rivers", scope: Cluster) {
    metadata: ObjectMeta!
  }
`;

const schema = buildSchema([read('directives.graphql'), read('common.graphql'), sdl].join('\n'));

/** A definition of the subgraph of an area, without descriptions. */
function definition(area: string, name: string): string {
  const document = parse(subgraphSdl(readModel(schema), scalarsOf(schema), area));
  const found = document.definitions.find(
    (each): each is DefinitionNode => 'name' in each && each.name?.value === name,
  );
  if (found === undefined) throw new Error(`${area} has no ${name}`);
  return print(found)
    .replaceAll(/ *"""[^]*?"""\n/g, '')
    .replaceAll(/ *"[^"\n]*"\n/g, '');
}

test('a new object says what it must, never what the server says', () => {
  expect(definition('networking', 'LakeInput')).toBe(
    'input LakeInput {\n  metadata: ObjectMetaInput!\n  spec: LakeSpecInput!\n}',
  );
  expect(definition('networking', 'LakeSpecInput')).toBe(
    'input LakeSpecInput {\n  depth: Int\n  name: String!\n  fish: [FishInput!]\n  tags: StringMap\n  shore: ShoreInput\n  river: RiverRefInput\n}',
  );
  expect(definition('networking', 'ObjectMetaInput')).not.toMatch(
    /uid: String\n|resourceVersion|generation|Timestamp|managedFields/,
  );
});

test('a merge may leave out or clear everything; lists are replaced, maps are merged', () => {
  expect(definition('networking', 'LakeSpecPatch')).toBe(
    'input LakeSpecPatch {\n  depth: Int\n  name: String\n  fish: [FishInput!]\n  tags: MapPatch\n  shore: ShorePatch\n  river: RiverRefPatch\n}',
  );
  expect(definition('networking', 'ObjectMetaPatch')).not.toMatch(/ (name|namespace|generateName):/);
});

test('a relation is served where its objects are to be found', () => {
  expect(definition('networking', 'Lake')).toContain('river: River\n');
  expect(definition('networking', 'River')).toMatch(/@key\(fields: "id"\) \{\n  id: ID!\n  lakes\(/);
  expect(definition('core', 'River')).not.toContain('lakes');
  expect(definition('core', 'Lake')).toBe(
    'type Lake implements Node @key(fields: "id", resolvable: false) {\n  id: ID!\n}',
  );
});

test('kinds of cluster scope are found without a namespace', () => {
  expect(definition('core', 'Query')).toMatch(/river\(name: String!\): River/);
  expect(definition('networking', 'Query')).toMatch(/lake\(namespace: String!, name: String!\): Lake/);
});

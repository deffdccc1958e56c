import { isEnumType, isObjectType, isScalarType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { apiScalars, commonTypes, defaultPageSize } from './common.ts';
import { directive, kindTypes } from './directives.ts';
import { kindApi, pageArguments, signature } from './kind-api.ts';
import { apiNames } from './names.ts';
import { block, describe, field } from './print.ts';
import { readRelations } from './read-relations.ts';
import { isConnection, isSingle, type Relation } from './relation.ts';
import { enumType, inputType, isOwn, outputFields, outputType, patchType, valueTypes, type ValueTypes } from './value-types.ts';

const federation = 'https://specs.apollo.dev/federation/v2.9';
/** The subgraph that knows every kind by id: it answers `node` and `nodes`. */
const nodeArea = 'core';

/** Folder and subgraph of a kind. */
function areaOf(schema: GraphQLSchema, kind: GraphQLObjectType): string {
  return directive<{ area: string }>(schema, kind, 'kind')?.area ?? '';
}

/** Areas of the kinds, each a subgraph. */
export function areas(schema: GraphQLSchema): string[] {
  return [...new Set(kindTypes(schema).map((kind) => areaOf(schema, kind)))].toSorted();
}

/** SDL of the subgraph of one area: the uniform API of its kinds, and what it adds to kinds of other areas. */
export function subgraphSdl(schema: GraphQLSchema, area: string): string {
  const all = kindTypes(schema);
  const own = all.filter((kind) => areaOf(schema, kind) === area);
  const others = areas(schema)
    .filter((other) => other !== area)
    .map((other) => valueTypes(all.filter((kind) => areaOf(schema, kind) === other)));
  const apis = own.map((kind) => kindApi(schema, kind));
  const relations = servedRelations(schema, all, area);
  const query = apis.flatMap((api) => api.query);
  if (area === nodeArea) query.push(...nodeQueries);
  return [
    `extend schema @link(url: "${federation}", import: ["@key", "@shareable"])\n`,
    apiScalars,
    commonTypes,
    block('type Query', query),
    block(
      'type Mutation',
      apis.flatMap((api) => api.mutation),
    ),
    block(
      'type Subscription',
      apis.flatMap((api) => api.subscription),
    ),
    ...own.map((kind) => ownKind(kind, relations.get(kind.name) ?? [])),
    ...all.flatMap((kind) => (own.includes(kind) ? [] : foreignKind(kind, relations, area))),
    ...values(schema, valueTypes(own), others),
    ...apis.flatMap((api) => api.types),
  ].join('\n');
}

const nodeQueries = [
  field('node(id: ID!): Node', 'The object with this id; null when there is none.'),
  field('nodes(ids: [ID!]!): [Node]!', 'Objects by id, in order; null for those that do not exist.'),
];

function ownKind(kind: GraphQLObjectType, relations: readonly string[]): string {
  const head = [field('id: ID!'), field('apiVersion: String!'), field('kind: String!')];
  return block(`type ${kind.name} implements Node & Resource @key(fields: "id")`, [...head, ...outputFields(kind), ...relations], kind.description);
}

/** Another area's kind, as far as this subgraph needs it: as the target of its relations, or with relations of its own. */
function foreignKind(kind: GraphQLObjectType, relations: ReadonlyMap<string, readonly string[]>, area: string): string[] {
  const fields = relations.get(kind.name) ?? [];
  const isTarget = area === nodeArea || relations.get(targets)?.includes(kind.name) === true;
  if (fields.length === 0 && !isTarget) return [];
  const key = fields.length === 0 ? '@key(fields: "id", resolvable: false)' : '@key(fields: "id")';
  return [block(`type ${kind.name} implements Node ${key}`, [field('id: ID!'), ...fields], kind.description)];
}

/** Key of the map of served relations under which the kinds stand that relations lead to; no kind has such a name. */
const targets = '';

/** Field lines of the relations that a subgraph serves, by kind. A relation by query is served where its objects are. */
function servedRelations(schema: GraphQLSchema, kinds: readonly GraphQLObjectType[], area: string): Map<string, string[]> {
  const served = new Map<string, string[]>();
  const relations = readRelations(schema);
  const find = (name: string): GraphQLObjectType => {
    const kind = kinds.find((each) => each.name === name);
    if (kind === undefined) throw new Error(`a relation leads to ${name}, which is not a kind`);
    return kind;
  };
  const add = (name: string, line: string): void => void served.set(name, [...(served.get(name) ?? []), line]);
  for (const kind of kinds) {
    for (const [name, relation] of Object.entries(relations[kind.name] ?? {})) {
      const target = find(relation.to);
      if (areaOf(schema, isConnection(relation) ? target : kind) !== area) continue;
      if (kind.getFields()[name] !== undefined) throw new Error(`${kind.name}.${name} is a field of the kind and a relation`);
      add(kind.name, relationField(schema, name, relation, target));
      add(targets, target.name);
    }
  }
  return served;
}

function relationField(schema: GraphQLSchema, name: string, relation: Relation, target: GraphQLObjectType): string {
  const plural = directive<{ plural: string }>(schema, target, 'kind')?.plural ?? '';
  if (isConnection(relation)) {
    const names = apiNames({ name: target.name, plural });
    const how = relation.via === 'owned' ? 'controls' : 'is named by';
    return field(signature(name, pageArguments, names.connection), `The ${names.many} that this object ${how}.`);
  }
  if (isSingle(relation)) return field(`${name}: ${target.name}`, 'Null when there is none, or none any more.');
  if (relation.via === 'path') {
    return field(`${name}(first: Int = ${defaultPageSize}): [${target.name}!]`, `Reached by way of ${relation.path.join(', ')}; at most \`first\`.`);
  }
  return field(`${name}: [${target.name}!]`, 'Those that exist.');
}

function values(schema: GraphQLSchema, reached: ValueTypes, others: readonly ValueTypes[]): string[] {
  const parts: string[] = [];
  const named = new Set([...reached.output, ...reached.input, ...reached.patch].filter(isOwn));
  for (const type of [...named].toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isScalarType(type)) parts.push(`${describe(type.description)}scalar ${type.name}\n`);
    if (isEnumType(type)) parts.push(enumType(type));
    if (!isObjectType(type)) continue;
    const isKind = directive(schema, type, 'kind') !== undefined;
    const shareable = others.some(({ output }) => output.has(type));
    if (reached.output.has(type) && !isKind) parts.push(outputType(type, shareable));
    if (reached.input.has(type)) parts.push(inputType(schema, type));
    if (reached.patch.has(type)) parts.push(patchType(schema, type));
  }
  return parts;
}

import type { KindModel, Model } from '../model.ts';
import { objectOf } from '../model.ts';
import { factsOf } from '../facts.ts';
import { accessQueries, accessQueryTypes, accessTypes, viewerCanField } from './access-api.ts';
import { auditQueries, auditQueryTypes, auditScalars, auditTypes, historyField } from './audit-api.ts';
import { commonTypes } from './common.ts';
import {
  addressQueries,
  addressTypes,
  cloudResourcesField,
  cloudResourceTypes,
  hasCloudResources,
} from './inventory-api.ts';
import { kindApi, pageArguments } from './kind-api.ts';
import { apiNames } from './names.ts';
import { defaultPageSize } from './page.ts';
import { effectivePolicyField, policyTypes } from './policy-api.ts';
import { block, describe, field, signature } from './print.ts';
import { consoleFields, consoleScalars, consoleSubscriptions, consoleTypes } from './console-api.ts';
import { isConnection, isSingle, relationsOf, type Relation } from './relations.ts';
import { servingArea } from './serving-area.ts';
import { tokenMutations, tokenTypes } from './token-api.ts';
import {
  enumType,
  inputType,
  outputFields,
  outputType,
  patchType,
  valueTypes,
  type ValueTypes,
} from './value-types.ts';

const federation = 'https://specs.apollo.dev/federation/v2.9';
/** The subgraph that answers `node` and `nodes`, and so knows every kind by id. */
const nodeArea = 'core';
/** The kind whose traffic is decided about, and whose machines write to a console. */
const instanceKind = 'Instance';
const builtInScalars = ['String', 'Int', 'Float', 'Boolean', 'ID'];

/** Areas of the kinds, each a subgraph. */
export function areas(model: Model): string[] {
  return [...new Set(model.kinds.map(({ area }) => area))].toSorted();
}

/** SDL of the subgraph of one area: the uniform API of its kinds, and what it adds to kinds of other areas. */
export function subgraphSdl(model: Model, scalars: ReadonlyMap<string, string>, area: string): string {
  const own = model.kinds.filter((kind) => kind.area === area);
  const foreign = model.kinds.filter((kind) => kind.area !== area);
  const apis = own.map((kind) => kindApi(kind));
  const served = servedRelations(model, area);
  const reached = valueTypes(model, namesOf(own));
  const elsewhere = valueTypes(model, namesOf(foreign));
  return [
    `extend schema @link(url: "${federation}", import: ["@key", "@shareable"])\n`,
    commonTypes,
    accessTypes,
    auditTypes,
    ...(area === nodeArea ? [accessQueryTypes, auditQueryTypes, tokenTypes, addressTypes] : []),
    ...(own.some(hasCloudResources) ? [cloudResourceTypes] : []),
    ...(hasInstances(own) ? [policyTypes, consoleTypes] : []),
    block('type Query', [
      ...apis.flatMap((api) => api.query),
      ...(area === nodeArea ? [...nodeQueries, ...accessQueries, ...auditQueries, ...addressQueries] : []),
    ]),
    block('type Mutation', [...apis.flatMap((api) => api.mutation), ...(area === nodeArea ? tokenMutations : [])]),
    block('type Subscription', [
      ...apis.flatMap((api) => api.subscription),
      ...(hasInstances(own) ? consoleSubscriptions : []),
    ]),
    ...own.map((kind) => ownKind(model, kind, served.fields.get(kind.name) ?? [])),
    ...foreign.flatMap((kind) =>
      foreignKind(kind, served.fields.get(kind.name) ?? [], area === nodeArea || served.targets.has(kind.name)),
    ),
    ...values(model, scalars, { reached, elsewhere, more: hasInstances(own) ? consoleScalars : [] }),
    ...apis.flatMap((api) => api.types),
  ].join('\n');
}

function namesOf(kinds: readonly KindModel[]): string[] {
  return kinds.map(({ name }) => name);
}

function hasInstances(kinds: readonly KindModel[]): boolean {
  return kinds.some(({ name }) => name === instanceKind);
}

const nodeQueries = [
  field('node(id: ID!): Node', 'The object with this id; null when there is none.'),
  field('nodes(ids: [ID!]!): [Node]!', 'Objects by id, in order; null for those that do not exist. At most 200.'),
];

function ownKind(model: Model, kind: KindModel, relations: readonly string[]): string {
  const head = [field('id: ID!'), field('apiVersion: String!'), field('kind: String!'), viewerCanField];
  const extra = [
    ...(hasCloudResources(kind) ? [cloudResourcesField] : []),
    ...(kind.name === instanceKind ? [effectivePolicyField, ...consoleFields] : []),
  ];
  const fields = [...head, ...outputFields(objectOf(model, kind.name)), ...extra, historyField, ...relations];
  return block(`type ${kind.name} implements Node & Resource @key(fields: "id")`, fields, kind.description);
}

/** Another area's kind, as far as this subgraph needs it: as the target of its relations, or with relations of its own. */
function foreignKind(kind: KindModel, relations: readonly string[], isTarget: boolean): string[] {
  if (relations.length === 0 && !isTarget) return [];
  const key = relations.length === 0 ? '@key(fields: "id", resolvable: false)' : '@key(fields: "id")';
  return [block(`type ${kind.name} implements Node ${key}`, [field('id: ID!'), ...relations], kind.description)];
}

/** Field lines of the relations that a subgraph serves, by kind, and the kinds they lead to. */
function servedRelations(model: Model, area: string): { fields: Map<string, string[]>; targets: Set<string> } {
  const fields = new Map<string, string[]>();
  const targets = new Set<string>();
  const relations = relationsOf(factsOf(model).kinds);
  for (const kind of model.kinds) {
    for (const [name, relation] of relations.get(kind.name) ?? []) {
      const target = model.kinds.find((each) => each.name === relation.to);
      if (target === undefined) throw new Error(`${kind.name}.${name} leads to ${relation.to}, which is not a kind`);
      if (servingArea(kind, relation, target) !== area) continue;
      if (objectOf(model, kind.name).fields.some((own) => own.name === name))
        throw new Error(`${kind.name}.${name} is a field and a relation`);
      fields.set(kind.name, [...(fields.get(kind.name) ?? []), relationField(name, relation, target)]);
      targets.add(target.name);
    }
  }
  return { fields, targets };
}

function relationField(name: string, relation: Relation, target: KindModel): string {
  const names = apiNames(target);
  if (isConnection(relation)) {
    const how = relation.via === 'owned' ? 'controls' : 'is named by';
    return field(signature(name, pageArguments, names.connection), `The ${names.many} that this object ${how}.`);
  }
  if (isSingle(relation)) return field(`${name}: ${target.name}`, 'Null when there is none, or none any more.');
  if (relation.via === 'path') {
    return field(
      `${name}(first: Int = ${defaultPageSize}): [${target.name}!]`,
      `Reached by way of ${relation.path.join(', ')}; at most \`first\`.`,
    );
  }
  return field(`${name}: [${target.name}!]`, 'Those that exist.');
}

function values(
  model: Model,
  scalars: ReadonlyMap<string, string>,
  {
    reached,
    elsewhere,
    more,
  }: { readonly reached: ValueTypes; readonly elsewhere: ValueTypes; readonly more: readonly string[] },
): string[] {
  const all = new Set([...reached.output, ...reached.input, ...reached.patch, 'MapPatch', ...auditScalars, ...more]);
  return [...all].toSorted().flatMap((name) => {
    const enumModel = model.enums.get(name);
    if (enumModel !== undefined) return [enumType(enumModel)];
    const object = model.objects.get(name);
    if (object === undefined)
      return builtInScalars.includes(name) ? [] : [`${describe(scalars.get(name))}scalar ${name}\n`];
    const isKind = model.kinds.some((kind) => kind.name === name);
    return [
      ...(reached.output.has(name) && !isKind ? [outputType(object, elsewhere.output.has(name))] : []),
      ...(reached.input.has(name) ? [inputType(model, object)] : []),
      ...(reached.patch.has(name) ? [patchType(model, object)] : []),
    ];
  });
}

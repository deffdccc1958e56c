import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { defaultPageSize, maxPageSize } from './common.ts';
import { directive } from './directives.ts';
import { apiNames } from './names.ts';
import { block, field } from './print.ts';

/** Arguments of every connection, as they stand in parentheses. */
export const pageArguments = [
  `"Items of the page, 1 to ${maxPageSize}."`,
  `first: Int = ${defaultPageSize}`,
  '"Cursor behind which the page starts."',
  'after: String',
  'filter: ResourceFilter',
  'orderBy: ResourceOrder = NAME',
];

/** What the roots and payloads of one kind are. */
export interface KindApi {
  readonly query: readonly string[];
  readonly mutation: readonly string[];
  readonly subscription: readonly string[];
  readonly types: readonly string[];
}

const dryRun = ['"Do all the work, answer what would be, keep nothing."', 'dryRun: Boolean! = false'];
const ifMatch = ['"Only if the object still has this `metadata.resourceVersion`."', 'ifMatch: String'];

/** Queries, mutations, watch and their types for one kind. */
export function kindApi(schema: GraphQLSchema, kind: GraphQLObjectType): KindApi {
  const facts = directive<{ plural: string; scope: string }>(schema, kind, 'kind');
  if (facts === undefined) throw new Error(`${kind.name} is not a kind`);
  const names = apiNames({ name: kind.name, plural: facts.plural });
  const namespaced = facts.scope === 'Namespaced';
  const key = [...(namespaced ? ['namespace: String!'] : []), 'name: String!'];
  const inNamespace = namespaced ? ['"Absent: all namespaces."', 'namespace: String'] : [];
  const object = `${names.one}: ${kind.name}`;
  const outcome = [field('"Why nothing was done; empty on success."'), field('userErrors: [UserError!]!'), field('warnings: [String!]!')];
  return {
    query: [
      field(signature(names.one, key, kind.name), `One ${kind.name}; null when there is none.`),
      field(signature(names.many, [...inNamespace, ...pageArguments], names.connection), `A page of ${names.many}.`),
    ],
    mutation: [
      field(
        signature(
          names.create,
          [
            `input: ${names.input}!`,
            ...dryRun,
            '"The same key, caller and input within 24 h answers with the first result again."',
            'idempotencyKey: String',
          ],
          `${names.createPayload}!`,
        ),
        `Makes a new ${kind.name}.`,
      ),
      field(
        signature(names.update, [...key, `patch: ${names.patch}!`, ...ifMatch, ...dryRun], `${names.updatePayload}!`),
        `Merges: what is absent stays, null clears, lists are replaced.`,
      ),
      field(
        signature(
          names.delete,
          [
            ...key,
            ...ifMatch,
            '"Only if the object still has this uid."',
            'uid: String',
            'propagation: DeletePropagation! = BACKGROUND',
            ...dryRun,
          ],
          `${names.deletePayload}!`,
        ),
        `Deletes; while finalizers have work to do the object stays, with a \`deletionTimestamp\`.`,
      ),
    ],
    subscription: [
      field(
        signature(
          names.watch,
          [...inNamespace, 'filter: ResourceFilter', '"Go on behind this `resumeToken`. Absent: the current state first."', 'from: String'],
          `${names.event}!`,
        ),
        `Changes of ${names.many}, in the order in which they were committed. When the stream ends, go on from the last token.`,
      ),
    ],
    types: [
      block(`type ${names.connection}`, [
        field(`edges: [${names.edge}!]!`),
        field(`nodes: [${kind.name}!]!`),
        field('pageInfo: PageInfo!'),
        field('resourceVersion: String!', 'Version of the whole list.'),
        field('resumeToken: String!', 'A watch of the same selection from here misses nothing and repeats nothing.'),
      ]),
      block(`type ${names.edge}`, [field('cursor: String!'), field(`node: ${kind.name}!`)]),
      block(`type ${names.event}`, [
        field('type: WatchEventType!'),
        field('resumeToken: String', 'Where to go on after this event; null until the initial state is complete.'),
        field(object, 'Null for BOOKMARK and RESYNC.'),
      ]),
      block(`type ${names.createPayload}`, [field(object), ...outcome]),
      block(`type ${names.updatePayload}`, [field(object), ...outcome]),
      block(`type ${names.deletePayload}`, [
        field(object, 'Its last state.'),
        field('deleted: Boolean!', 'False while finalizers keep it.'),
        ...outcome,
      ]),
    ],
  };
}

/** `name(arguments): type`, one argument a line, documented arguments behind their text. */
export function signature(name: string, args: readonly string[], type: string): string {
  return `${name}(\n${args.map((arg) => `    ${arg}`).join('\n')}\n  ): ${type}`;
}

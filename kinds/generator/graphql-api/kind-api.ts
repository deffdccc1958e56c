import type { KindModel } from '../model.ts';
import { hasCloudResources } from './inventory-api.ts';
import { defaultPageSize, maxPageSize } from './page.ts';
import { apiNames, type ApiNames } from './names.ts';
import { block, field, signature } from './print.ts';

/** Arguments of every connection. */
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
const fieldManager = [
  '"Under which name the fields are owned; at most 128 characters."',
  'fieldManager: String! = "graphql"',
];
const force = ['"Take fields over from other managers instead of refusing."', 'force: Boolean! = false'];
const outcome = [
  field('userErrors: [UserError!]!', 'Why nothing was done; empty on success.'),
  field('warnings: [String!]!'),
];

/** Queries, mutations, watch and their types for one kind. */
export function kindApi(kind: KindModel): KindApi {
  const names = apiNames(kind);
  const namespaced = kind.scope === 'Namespaced';
  const inNamespace = namespaced ? ['"Absent: all namespaces."', 'namespace: String'] : [];
  const key = [...(namespaced ? ['namespace: String!'] : []), 'name: String!'];
  return {
    query: [
      field(signature(names.one, key, kind.name), `One ${kind.name}; null when there is none.`),
      field(signature(names.many, [...inNamespace, ...pageArguments], names.connection), `A page of ${names.many}.`),
    ],
    mutation: mutations(names, key),
    subscription: [
      field(
        signature(
          names.watch,
          [
            ...inNamespace,
            'filter: ResourceFilter',
            '"Go on behind this `resumeToken`. Absent: the current state first."',
            'from: String',
          ],
          `${names.event}!`,
        ),
        `Changes of ${names.many}, in the order in which they were committed. When the stream ends, go on from the last token.`,
      ),
      ...(hasCloudResources(kind)
        ? [
            field(
              signature(names.watchCloudResources, key, '[CloudResource!]!'),
              `What was made in a cloud for one ${kind.name}: all of it at first, and after every change. Ends with the object.`,
            ),
          ]
        : []),
    ],
    types: types(kind.name, names),
  };
}

function mutations(names: ApiNames, key: readonly string[]): string[] {
  const idempotencyKey = [
    '"The same key, caller and input within 24 h answers with the first result again."',
    'idempotencyKey: String',
  ];
  const uid = ['"Only if the object still has this uid."', 'uid: String'];
  return [
    field(
      signature(names.create, [`input: ${names.input}!`, ...dryRun, ...idempotencyKey], `${names.createPayload}!`),
      `Makes a new ${names.type}.`,
    ),
    field(
      signature(names.update, [...key, `patch: ${names.patch}!`, ...ifMatch, ...dryRun], `${names.updatePayload}!`),
      'Merges: what is absent stays, null clears, lists are replaced.',
    ),
    field(
      signature(
        names.apply,
        [...key, `input: ${names.patch}!`, ...fieldManager, ...force, ...dryRun],
        `${names.applyPayload}!`,
      ),
      'Makes the fields of the input so and lays claim to them; what its manager applied before and no longer does goes, unless others own it. Lists with keys merge item by item. Creates the object where there is none.',
    ),
    field(
      signature(
        names.delete,
        [...key, ...ifMatch, ...uid, 'propagation: DeletePropagation! = BACKGROUND', ...dryRun],
        `${names.deletePayload}!`,
      ),
      'Deletes; while finalizers have work to do the object stays, with a `deletionTimestamp`.',
    ),
  ];
}

function types(kind: string, names: ApiNames): string[] {
  const object = `${names.one}: ${kind}`;
  return [
    block(`type ${names.connection}`, [
      field(`edges: [${names.edge}!]!`),
      field(`nodes: [${kind}!]!`),
      field('pageInfo: PageInfo!'),
      field('resourceVersion: String!', 'Version of the whole list.'),
      field(
        'resumeToken: String',
        'A watch of the same selection from here misses nothing. Null where the list is a relation.',
      ),
      field(
        'totalCount: Int',
        'Objects of the whole list at that version; counted where it is asked for. Null where the list is a relation.',
      ),
    ]),
    block(`type ${names.edge}`, [field('cursor: String!'), field(`node: ${kind}!`)]),
    block(`type ${names.event}`, [
      field('type: WatchEventType!'),
      field('resumeToken: String', 'Where to go on after this event; null until the initial state is complete.'),
      field(object, 'Null for BOOKMARK and RESYNC.'),
    ]),
    block(`type ${names.createPayload}`, [field(object), ...outcome]),
    block(`type ${names.updatePayload}`, [field(object), ...outcome]),
    block(`type ${names.applyPayload}`, [
      field(object),
      field('created: Boolean!', 'Whether the object did not exist before.'),
      ...outcome,
    ]),
    block(`type ${names.deletePayload}`, [
      field(object, 'Its last state.'),
      field('deleted: Boolean!', 'False while finalizers keep it, and when nothing was done.'),
      ...outcome,
    ]),
  ];
}

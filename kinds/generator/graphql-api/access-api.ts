import { field, signature } from './print.ts';

/** What every subgraph says of what the caller may do to an object. */
export const accessTypes = /* GraphQL */ `"What the caller may do to an object, as far as access rules say."
type ViewerCan @shareable {
  get: Boolean!
  update: Boolean!
  patch: Boolean!
  delete: Boolean!
  "Whether objects of the caller may name it; null for kinds that are not used so."
  use: Boolean
  "The parts of the object that have rights of their own."
  subresources: [SubresourceCan!]!
}

"What the caller may do to a part of an object."
type SubresourceCan @shareable {
  "${'`status` or `scale`'}."
  name: String!
  get: Boolean!
  update: Boolean!
  patch: Boolean!
}
`;

/** Field of every object. */
export const viewerCanField = field('viewerCan: ViewerCan!', 'What the caller may do to it.');

const place = [
  '"Kind as in manifests: `Network`."',
  'kind: String!',
  '"Absent: all namespaces, or a kind of cluster scope."',
  'namespace: String',
  '"Absent: all names."',
  'name: String',
  'subresource: String',
];

/** Root fields about access, of the subgraph that has them. */
export const accessQueries = [
  field('viewer: Viewer!', 'Who asks.'),
  field(
    signature('viewerCan', ['"Such as `create`, `list` or `use`."', 'verb: String!', ...place], 'Boolean!'),
    'Whether the caller may do this.',
  ),
  field(
    signature(
      'whyDenied',
      [
        'verb: String!',
        ...place,
        '"Who would do it; by default the caller. To ask about others takes the right to create subject access reviews."',
        'user: String',
        'groups: [String!]',
      ],
      'AccessTrace!',
    ),
    'How the decision whether somebody may do this comes about: for those who may read bindings, and as far as they may.',
  ),
];

/** Types of those fields. */
export const accessQueryTypes = /* GraphQL */ `"Who asks."
type Viewer {
  user: String!
  groups: [String!]!
  "The project that is worked in."
  project: String!
  "Who acts as this user."
  impersonator: String
}

"How an access decision comes about."
type AccessTrace {
  allowed: Boolean!
  "What allows it, where that may be read."
  reason: String!
  "The bindings that name the user or one of the groups; at most 200."
  bindings: [TracedBinding!]!
  "The smallest rule that would allow it; null where it is allowed."
  missing: PolicyRule
}

"A binding that was looked at."
type TracedBinding {
  "RoleBinding or ClusterRoleBinding."
  kind: String!
  namespace: String
  name: String!
  "By what it names them: ${'`Group dev`'}."
  subject: String!
  role: RoleRef!
  roleExists: Boolean!
  "Whether it grants where the thing was wanted."
  inScope: Boolean!
  "Rules of the role; null where they may not be read."
  rules: [TracedRule!]
}

"A rule that was looked at."
type TracedRule {
  rule: PolicyRule!
  "In what it does not go with what was wanted; empty for one that allows it where the binding grants."
  misses: [AccessMiss!]!
}

enum AccessMiss {
  VERB
  API_GROUP
  RESOURCE
  RESOURCE_NAME
  PATH
}
`;

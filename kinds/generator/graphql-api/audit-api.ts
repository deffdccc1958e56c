import { defaultPageSize, maxPageSize } from './page.ts';
import { field, signature } from './print.ts';

const page = [
  `"Entries of the page, 1 to ${maxPageSize}."`,
  `first: Int = ${defaultPageSize}`,
  '"Cursor behind which the page starts."',
  'after: String',
];

/** Field of every object. */
export const historyField = field(
  signature('history', page, 'HistoryConnection!'),
  'What was written to this object, newest first, a second or two after it was; for those who may get it.',
);

/** Scalars that the types need. */
export const auditScalars = ['JSON', 'Time'];

/** What every subgraph says of the history of an object. */
export const auditTypes = /* GraphQL */ `type HistoryConnection @shareable {
  edges: [HistoryEdge!]!
  nodes: [HistoryEntry!]!
  pageInfo: PageInfo!
}

type HistoryEdge @shareable {
  cursor: String!
  node: HistoryEntry!
}

"One write to an object."
type HistoryEntry @shareable {
  time: Time!
  "Who wrote."
  actor: String!
  "Who acted as the actor."
  impersonator: String
  "By which way it came: ${'`graphql`, `kubernetes`, or `internal`'} for the product's own writes."
  door: String!
  verb: String!
  subresource: String
  effect: WriteEffect!
  "Name under which the fields are owned."
  manager: String!
  "Version of the object that the write made."
  resourceVersion: String!
  requestId: String
  "Which fields the write changed; at most 200."
  changes: [FieldChange!]!
  "Changes beyond those that are listed."
  moreChanges: Int!
}

enum WriteEffect {
  ADDED
  MODIFIED
  DELETED
}

"A field that a write changed."
type FieldChange @shareable {
  "Where: ${'`spec.containers[name=web].image`, `metadata.labels[tier]`'}."
  path: String!
  "Null where there was none, and for what nobody may see."
  before: JSON
  "Null where there is none any more, and for what nobody may see."
  after: JSON
  "Whether a value was too long to be kept: then it is the beginning of its text."
  cut: Boolean!
  "Null for values that may be seen; of secrets only what became of them."
  redacted: RedactedChange
}

enum RedactedChange {
  ADDED
  CHANGED
  REMOVED
}
`;

/** Root field of audit, of the subgraph that has it. */
export const auditQueries = [
  field(
    signature('auditRecords', [...page, 'filter: AuditFilter'], 'AuditRecordConnection!'),
    'Every write and every denied attempt in the project, newest first. Takes the right to list `auditrecords` in the API group `audit.datumapis.com`, in the namespace of the filter or everywhere.',
  ),
];

/** Types of that field. */
export const auditQueryTypes = /* GraphQL */ `"Which records; everything that is given must hold."
input AuditFilter {
  actor: String
  "Kind as in manifests: ${'`Network`'}."
  kind: String
  namespace: String
  name: String
  verb: String
  decision: AuditDecision
  since: Time
  "Not included."
  until: Time
}

enum AuditDecision {
  ALLOW
  DENY
}

type AuditRecordConnection {
  edges: [AuditRecordEdge!]!
  nodes: [AuditRecord!]!
  pageInfo: PageInfo!
}

type AuditRecordEdge {
  cursor: String!
  node: AuditRecord!
}

"Something that happened, or that somebody was not let do."
type AuditRecord {
  "Place in the project's chain, from 1."
  sequence: Int64!
  "SHA-256 of the hash of the record before and of the text of this one, in hexadecimal."
  hash: String!
  "What is hashed: JSON, and all that the other fields say."
  record: String!
  time: Time!
  actor: String!
  "What stays the same when a name is given to somebody else."
  actorUid: String
  groups: [String!]!
  "How it was proven who it is."
  credential: String
  impersonator: String
  door: String!
  "Address of the client as the connection showed it."
  address: String
  userAgent: String
  verb: String!
  subresource: String
  decision: AuditDecision!
  reason: String
  kind: String
  "What a denied attempt was about, as access rules name it."
  apiGroup: String
  resource: String
  path: String
  namespace: String
  name: String
  uid: String
  effect: WriteEffect
  manager: String
  resourceVersion: String
  requestId: String
  changes: [FieldChange!]!
  moreChanges: Int!
  "Attempts like this one that it stands for, itself included."
  count: Int!
}
`;

import { defaultPageSize } from './page.ts';

/** What every subgraph says in the same words. */
export const commonTypes = /* GraphQL */ `"An object with a global id."
interface Node {
  "Opaque and unique among all objects of all kinds; the same for an object of the same kind, namespace and name."
  id: ID!
}

"An object of any kind."
interface Resource implements Node {
  id: ID!
  "Group and version of the kind, as in manifests."
  apiVersion: String!
  "The kind, as in manifests."
  kind: String!
  "What the caller may do to it."
  viewerCan: ViewerCan!
  metadata: ObjectMeta!
  "What was written to it, newest first."
  history(first: Int = ${defaultPageSize}, after: String): HistoryConnection!
}

"Where a page of a connection stands."
type PageInfo @shareable {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

"Which objects; everything that is given must hold. Selectors are in Kubernetes' syntax."
input ResourceFilter {
  "Such as ${'`tier=edge,env in (a, b),!old`'}."
  labelSelector: String
  "Such as ${'`metadata.name=web`'}."
  fieldSelector: String
  "Those that have it in name, namespace, a label as ${'`key=value`'}, or a field that selectors know, in whatever case."
  text: String
}

enum ResourceOrder {
  "By namespace, then name."
  NAME
  NAME_DESC
  "By creation time, oldest first."
  CREATED
  CREATED_DESC
}

enum WatchEventType {
  "The object was created, came to match, or is part of the initial state."
  ADDED
  MODIFIED
  "The object was deleted or no longer matches; it carries its last matching state."
  DELETED
  "Everything up to here was delivered. The first one ends the initial state."
  BOOKMARK
  "The token was older than the history: drop what you hold, the current state follows as ADDED, then a BOOKMARK."
  RESYNC
}

"What happens to the objects that the deleted one owns."
enum DeletePropagation {
  "They are deleted after it."
  BACKGROUND
  "They are deleted before it."
  FOREGROUND
  "They stay."
  ORPHAN
}

"Why a mutation did nothing; the types below say more."
interface UserError {
  "For people."
  message: String!
  "For programs; stable."
  code: String!
}

"A field of the input breaks a rule."
type ValidationError implements UserError @shareable {
  message: String!
  code: String!
  "Where, from the root of the object: ${'`spec.placements[0].cityCodes[1]`'}."
  field: String!
  "Such as FieldValueRequired or FieldValueInvalid."
  reason: String!
}

"Another write came first, a precondition does not hold, or the name is taken."
type ConflictError implements UserError @shareable {
  message: String!
  code: String!
  "The resourceVersion that the object has now, if there is one."
  currentResourceVersion: String
}

"Another manager owns a field that an apply would change; one error for each field and manager."
type FieldOwnershipError implements UserError @shareable {
  message: String!
  code: String!
  "Who owns it."
  manager: String!
  "Which field: ${'`.spec.mtu`'}."
  field: String!
}

"There is no such object."
type NotFoundError implements UserError @shareable {
  message: String!
  code: String!
  kind: String
  name: String
}

"The caller may not do this, or not here."
type ForbiddenError implements UserError @shareable {
  message: String!
  code: String!
}

"A limit of the project or of the namespace would be exceeded; one error for each limit."
type QuotaError implements UserError @shareable {
  message: String!
  code: String!
  "Name of the ResourceQuota; ${'`project`'} and its name where the limit is the project's own."
  quota: String!
  "What is limited: ${'`secrets`'}, ${'`cpu`'}."
  resource: String!
  "What the write would have taken, as a quantity: ${'`2`'}, ${'`500m`'}, ${'`8Gi`'}."
  requested: String!
  "What is used, as a quantity."
  used: String!
  "What may be used, as a quantity."
  limit: String!
}
`;

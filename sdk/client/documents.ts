import type { Kind } from './kind.ts';
import type { Selection } from './selection.ts';

/** Names of the fields that every answer has the same, whatever the kind. */
export interface Page<T> {
  readonly nodes: T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string };
  readonly resourceVersion: string;
  readonly resumeToken?: string;
  readonly totalCount?: number;
}

const outcome =
  'warnings userErrors{__typename message code ...on ValidationError{field reason}' +
  '...on ConflictError{currentResourceVersion}...on FieldOwnershipError{manager field}...on NotFoundError{kind name}}';

/** What a watch must know of every object, whatever else is selected. */
const identity = 'metadata{namespace name uid resourceVersion}';

/** The operations on one kind, as documents; equal calls give equal documents, so that servers can know them before. */
export const documents = {
  get: (kind: Kind, chosen: Selection): string =>
    operation(
      'query',
      `Get${kind.type}`,
      [...key(kind), ...chosen.definitions],
      `object:${kind.one}${use(key(kind))}{${chosen.text}}`,
    ),
  list: (kind: Kind, chosen: Selection, count = false): string => {
    const args = [
      ...namespace(kind),
      '$first:Int',
      '$after:String',
      '$filter:ResourceFilter',
      '$orderBy:ResourceOrder',
    ];
    return operation(
      'query',
      `List${kind.type}`,
      [...args, ...chosen.definitions],
      `page:${kind.many}${use(args)}{nodes{${chosen.text}}pageInfo{hasNextPage endCursor}resourceVersion resumeToken${count ? ' totalCount' : ''}}`,
    );
  },
  create: (kind: Kind, chosen: Selection): string =>
    mutation('create', kind, [`$input:${kind.type}Input!`, '$dryRun:Boolean!', '$idempotencyKey:String'], '', chosen),
  update: (kind: Kind, chosen: Selection): string =>
    mutation(
      'update',
      kind,
      [...key(kind), `$patch:${kind.type}Patch!`, '$ifMatch:String', '$dryRun:Boolean!'],
      '',
      chosen,
    ),
  apply: (kind: Kind, chosen: Selection): string =>
    mutation(
      'apply',
      kind,
      [...key(kind), `$input:${kind.type}Patch!`, '$fieldManager:String!', '$force:Boolean!', '$dryRun:Boolean!'],
      ' created',
      chosen,
    ),
  delete: (kind: Kind, chosen: Selection): string =>
    mutation(
      'delete',
      kind,
      [...key(kind), '$ifMatch:String', '$uid:String', '$propagation:DeletePropagation!', '$dryRun:Boolean!'],
      ' deleted',
      chosen,
    ),
  watch: (kind: Kind, chosen: Selection): string => {
    const args = [...namespace(kind), '$filter:ResourceFilter', '$from:String'];
    const field = `watch${kind.many.charAt(0).toUpperCase()}${kind.many.slice(1)}`;
    return operation(
      'subscription',
      `Watch${kind.type}`,
      [...args, ...chosen.definitions],
      `event:${field}${use(args)}{type resumeToken object:${kind.one}{${chosen.text} ${identity}}}`,
    );
  },
};

function mutation(verb: string, kind: Kind, args: readonly string[], more: string, chosen: Selection): string {
  const name = `${verb}${kind.type}`;
  const body = `result:${name}${use(args)}{object:${kind.one}{${chosen.text}}${more} ${outcome}}`;
  return operation('mutation', name.charAt(0).toUpperCase() + name.slice(1), [...args, ...chosen.definitions], body);
}

function operation(type: string, name: string, definitions: readonly string[], body: string): string {
  return `${type} ${name}(${definitions.join(' ')}){${body}}`;
}

function key(kind: Kind): string[] {
  return kind.namespaced ? ['$namespace:String!', '$name:String!'] : ['$name:String!'];
}

function namespace(kind: Kind): string[] {
  return kind.namespaced ? ['$namespace:String'] : [];
}

/** `($a:Int $b:Int)` as the arguments `(a:$a b:$b)`. */
function use(definitions: readonly string[]): string {
  const names = definitions.map((definition) => definition.slice(1, definition.indexOf(':')));
  return `(${names.map((name) => `${name}:$${name}`).join(' ')})`;
}

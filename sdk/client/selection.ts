import type { Kind, RelationText } from './kind.ts';
import type { PageArguments } from './selection.types.ts';
import { everything, type Shape, shapeOf, shapeOfText } from './shape.ts';

/** A choice of fields, as callers write it. */
export interface Choice {
  readonly [field: string]: unknown;
}

/** A selection in GraphQL, with the variables that its arguments are given by. */
export interface Selection {
  readonly text: string;
  /** Such as `$a0:Int`. */
  readonly definitions: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Finds the kinds that relations lead to. */
export type FindKind = (type: string) => Kind | undefined;

const pageArguments: Readonly<Record<keyof PageArguments, string>> = {
  first: 'Int',
  after: 'String',
  filter: 'ResourceFilter',
  orderBy: 'ResourceOrder',
};

const pageInfo = shapeOfText('hasNextPage endCursor');
/** What can be asked of every object, though it is no part of it. */
const always = shapeOfText('id viewerCan{get update patch delete use subresources{name get update patch}}');

/** The selection of a choice; of all the kind's own fields without one. Throws for a field that the kind does not have. */
export function selectionOf(kind: Kind, choice: Choice | true | undefined, find: FindKind): Selection {
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const argument = (value: unknown, type: string): string => {
    const name = `a${definitions.length}`;
    definitions.push(`$${name}:${type}`);
    variables[name] = value;
    return `$${name}`;
  };

  const ofKind = (chosen: Kind, of: Choice | true): string =>
    of === true
      ? everything(shapeOf(chosen))
      : fields(of, chosen.type, (field, part) => {
          const relation = Object.hasOwn(chosen.relations, field) ? chosen.relations[field] : undefined;
          return relation === undefined
            ? ofField(Object.hasOwn(always, field) ? always : shapeOf(chosen), field, part, chosen.type)
            : ofRelation(field, relation, part as Choice | true);
        });

  const ofRelation = (field: string, relation: RelationText, part: Choice | true): string => {
    const [how, to = ''] = relation.split(' ');
    const inside = (nodes: Choice | true): string => {
      const kind = find(to);
      if (kind !== undefined) return ofKind(kind, nodes);
      if (nodes === true) throw new Error(`${field}: name its fields, or give the client the kind ${to}`);
      return ofUnknown(nodes, `${field} (give the client the kind ${to} to select all of a field)`);
    };
    if (how !== 'owned' && how !== 'referrers') return `${field}{${inside(part)}}`;
    const { $: args = {}, ...parts } = part as Choice & { readonly $?: Choice };
    const given = Object.entries(pageArguments).flatMap(([name, type]) =>
      args[name] === undefined ? [] : `${name}:${argument(args[name], type)}`,
    );
    const page = fields(parts, field, (name, value) =>
      name === 'nodes' ? `nodes{${inside(value as Choice | true)}}` : ofField({ pageInfo }, name, value, field),
    );
    return `${field}${given.length > 0 ? `(${given.join(' ')})` : ''}{${page}}`;
  };

  return { text: ofKind(kind, choice ?? true), definitions, variables };
}

function ofField(shape: Shape, field: string, part: unknown, where: string): string {
  if (!Object.hasOwn(shape, field)) throw new Error(`${where} has no field ${field}`);
  const parts = shape[field];
  if (parts === undefined) return field;
  const inside =
    part === true
      ? everything(parts)
      : fields(part as Choice, field, (name, value) => ofField(parts, name, value, `${where}.${field}`));
  return `${field}{${inside}}`;
}

/** A choice of an object whose fields this client does not know: what is chosen has no parts. */
function ofUnknown(choice: Choice, where: string): string {
  return fields(choice, where, (field, part) => {
    if (field === '$') throw new Error(`arguments below ${where} need that kind`);
    return typeof part === 'object' && part !== null ? `${field}{${ofUnknown(part as Choice, where)}}` : field;
  });
}

function fields(choice: Choice, where: string, of: (field: string, part: unknown) => string): string {
  const chosen = Object.entries(choice).filter(([, part]) => part !== undefined && part !== false);
  if (chosen.length === 0) throw new Error(`nothing is selected of ${where}`);
  return chosen.map(([field, part]) => of(field, part)).join(' ');
}

import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { listSize, type Sizes } from './list-size.ts';

/** What an operation demands, as far as that shows before it runs. Fragments count wherever they are spread. */
export interface Measures {
  /** Fields, inline fragments and spreads on the way to the deepest field; introspection does not count. */
  readonly depth: number;
  readonly aliases: number;
  readonly selections: number;
  /** Objects that the answer may hold. */
  readonly cost: number;
  /** Fields of the operation itself: so many calls of a mutation. */
  readonly roots: number;
}

const nothing: Measures = { depth: 0, aliases: 0, selections: 0, cost: 0, roots: 0 };
/** Fields whose selections are not data. */
const introspection = ['__schema', '__type'];

/** Measures one operation of a document that is valid for the schema. `sizes` are those of its lists. */
export function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  sizes: Sizes,
): Measures {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  // Each fragment is measured once for each page size it is reached with, so that no nest of spreads takes long to measure.
  const known = new Map<string, Measures>();

  const ofSet = (set: SelectionSetNode, type: GraphQLNamedType | undefined, pageSize: number): Measures =>
    set.selections.map((selection) => ofSelection(selection, type, pageSize)).reduce(plus, nothing);

  const ofSelection = (selection: SelectionNode, type: GraphQLNamedType | undefined, pageSize: number): Measures => {
    switch (selection.kind) {
      case Kind.FIELD:
        return ofField(selection, type, pageSize);
      case Kind.INLINE_FRAGMENT: {
        const on = selection.typeCondition === undefined ? type : schema.getType(selection.typeCondition.name.value);
        return below(ofSet(selection.selectionSet, on, pageSize));
      }
      case Kind.FRAGMENT_SPREAD:
        return below(ofFragment(selection.name.value, pageSize));
    }
  };

  const ofFragment = (name: string, pageSize: number): Measures => {
    const key = `${name} ${pageSize}`;
    const fragment = fragments.get(name);
    let measures = known.get(key);
    if (measures === undefined && fragment !== undefined) {
      measures = ofSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), pageSize);
      known.set(key, measures);
    }
    return measures ?? nothing;
  };

  const ofField = (node: FieldNode, parent: GraphQLNamedType | undefined, pageSize: number): Measures => {
    const aliases = node.alias === undefined ? 0 : 1;
    if (introspection.includes(node.name.value)) return { ...nothing, aliases, selections: 1, roots: 1 };
    if (node.selectionSet === undefined) return { depth: 1, aliases, selections: 1, cost: 0, roots: 1 };
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    const { items, page } = listSize(node, parent, field, sizes, pageSize);
    const inside = below(ofSet(node.selectionSet, type, page));
    const own = isCompositeType(type) ? 1 : 0;
    return { ...inside, aliases: inside.aliases + aliases, cost: items * (own + inside.cost), roots: 1 };
  };

  return ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, 1);
}

function plus(a: Measures, b: Measures): Measures {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    selections: a.selections + b.selections,
    cost: a.cost + b.cost,
    roots: a.roots + b.roots,
  };
}

function below(measures: Measures): Measures {
  return { ...measures, depth: measures.depth + 1, selections: measures.selections + 1 };
}

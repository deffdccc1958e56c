import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import type { Condition, FieldPlan, SelectionPlan } from './plan.ts';

/** A node that asks for a field, under the conditions of the fragments around it. */
interface Asked {
  readonly node: FieldNode;
  readonly conditions: readonly Condition[];
}

/** Works out, once for a document, what executing one of its operations does. The document must be valid. */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): SelectionPlan {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  const applies = (type: GraphQLObjectType, condition: string | undefined): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const on = schema.getType(condition);
    return isAbstractType(on) && schema.isSubType(on, type);
  };

  const collect = (
    type: GraphQLObjectType,
    set: SelectionSetNode,
    around: readonly Condition[],
    found: Map<string, Asked[]>,
  ): void => {
    for (const selection of set.selections) {
      const conditions = [...around, ...conditionsOf(selection.directives)];
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        found.set(key, [...(found.get(key) ?? []), { node: selection, conditions }]);
      } else {
        const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (inner !== undefined && applies(type, inner.typeCondition?.name.value))
          collect(type, inner.selectionSet, conditions, found);
      }
    }
  };

  const selectionOn = (
    type: GraphQLObjectType,
    sets: readonly { readonly set: SelectionSetNode; readonly around: readonly Condition[] }[],
  ): SelectionPlan => {
    const found = new Map<string, Asked[]>();
    for (const { set, around } of sets) collect(type, set, around, found);
    return { typeName: type.name, fields: [...found].map(([key, asked]) => fieldPlan(type, key, asked)) };
  };

  const fieldPlan = (parent: GraphQLObjectType, key: string, asked: readonly Asked[]): FieldPlan => {
    const [{ node }] = asked as [Asked, ...Asked[]];
    const definition = fieldOf(parent, node.name.value);
    const sets = asked.flatMap((each) =>
      each.node.selectionSet ? [{ set: each.node.selectionSet, around: each.conditions }] : [],
    );
    const plans = new Map<GraphQLObjectType, SelectionPlan>();
    const below = (type: GraphQLObjectType): SelectionPlan => {
      let plan = plans.get(type);
      if (plan === undefined) plans.set(type, (plan = selectionOn(type, sets)));
      return plan;
    };
    return {
      key,
      name: definition.name,
      definition,
      node,
      type: definition.type,
      resolve: definition.resolve,
      constantArguments: usesVariables(node) ? undefined : getArgumentValues(definition, node),
      conditions: asked.some(({ conditions }) => conditions.length === 0)
        ? undefined
        : asked.map(({ conditions }) => conditions),
      below: isCompositeType(getNamedType(definition.type)) ? below : undefined,
    };
  };

  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  return selectionOn(root, [{ set: operation.selectionSet, around: [] }]);
}

function fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> {
  const field = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parent.getFields()[name];
  if (field === undefined) throw new Error(`${parent.name} has no field ${name}`);
  return field;
}

function conditionsOf(directives: readonly DirectiveNode[] | undefined): Condition[] {
  if (!directives?.length) return [];
  return directives.flatMap(({ name, arguments: args }): Condition[] => {
    const value = args?.find((arg) => arg.name.value === 'if')?.value;
    if ((name.value !== 'skip' && name.value !== 'include') || value === undefined) return [];
    const wanted = name.value === 'include';
    if (value.kind === Kind.VARIABLE) return [{ wanted, value: { variable: value.name.value } }];
    return value.kind === Kind.BOOLEAN ? [{ wanted, value: value.value }] : [];
  });
}

function usesVariables(node: FieldNode): boolean {
  let found = false;
  for (const argument of node.arguments ?? []) visit(argument, { Variable: () => void (found = true) });
  return found;
}

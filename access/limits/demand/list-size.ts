import {
  Kind,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** Fields of a connection that repeat for each item of its page. */
const itemFields = ['edges', 'nodes'];

/** Sizes of the lists of one operation, as its arguments and variables give them. */
export interface Sizes {
  /** Value of an argument of a field. */
  valueOf(node: ValueNode): unknown;
  /** Whether any size came from a variable: then it holds for these variables only. */
  readonly fromVariables: boolean;
}

/** Sizes with the variables of one request, and the defaults of those it does not give. */
export function sizesOf(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): Sizes {
  let fromVariables = false;
  return {
    valueOf(node) {
      if (node.kind !== Kind.VARIABLE) return valueFromASTUntyped(node, variables);
      fromVariables = true;
      const name = node.name.value;
      const given = variables[name];
      if (given !== undefined) return given;
      const fallback = operation.variableDefinitions?.find(
        ({ variable }) => variable.name.value === name,
      )?.defaultValue;
      return fallback && valueFromASTUntyped(fallback);
    },
    get fromVariables() {
      return fromVariables;
    },
  };
}

/**
 * How often a field's selection repeats (`items`), and how many items its page has, where it is a connection (`page`):
 * that counts further down, at `nodes` and `edges`.
 */
export function listSize(
  node: FieldNode,
  parent: GraphQLNamedType | undefined,
  field: GraphQLField<unknown, unknown> | undefined,
  sizes: Sizes,
  pageSize: number,
): { readonly items: number; readonly page: number } {
  if (isConnection(parent) && itemFields.includes(node.name.value)) return { items: pageSize, page: 1 };
  const first = field?.args.find(({ name }) => name === 'first');
  const given = (name: string): unknown => {
    const argument = node.arguments?.find((each) => each.name.value === name);
    return argument && sizes.valueOf(argument.value);
  };
  if (first !== undefined) {
    const asked = given('first') ?? first.defaultValue;
    const size = typeof asked === 'number' ? Math.max(asked, 0) : 1;
    return field !== undefined && /Connection!?$/.test(String(field.type))
      ? { items: 1, page: size }
      : { items: size, page: 1 };
  }
  const ids = given('ids');
  return { items: Array.isArray(ids) ? ids.length : 1, page: 1 };
}

function isConnection(type: GraphQLNamedType | undefined): boolean {
  return type?.name.endsWith('Connection') === true;
}

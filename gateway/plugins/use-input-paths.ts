import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { BREAK, type DocumentNode, type GraphQLError, Kind, visit, type ASTNode } from 'graphql';

/** Tells, for input that is wrong in the document itself, the path of the field: `spec.mtu`. */
export function useInputPaths(): GatewayPlugin {
  return {
    onValidate({ params: { documentAST } }) {
      return ({ valid, result }) => {
        if (valid) return;
        for (const error of result as readonly GraphQLError[]) {
          const field = error.nodes?.[0] && inputPath(documentAST, error.nodes[0]);
          if (field) Object.assign(error.extensions, { code: 'BAD_USER_INPUT', field });
        }
      };
    },
  };
}

/** Path of a value below the argument that it belongs to; undefined for what is not part of an argument. */
function inputPath(document: DocumentNode, sought: ASTNode): string | undefined {
  let found: string | undefined;
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node !== sought) return undefined;
      const nodes = [...ancestors, parent].filter(
        (each): each is ASTNode => each !== undefined && !Array.isArray(each),
      );
      const argument = nodes.findIndex(({ kind }) => kind === Kind.ARGUMENT);
      if (argument >= 0) found = pathOf([...nodes.slice(argument), node]);
      return BREAK;
    },
  });
  return found;
}

function pathOf(nodes: readonly ASTNode[]): string {
  let path = '';
  for (const [index, node] of nodes.entries()) {
    if (node.kind === Kind.OBJECT_FIELD) path += `${path === '' ? '' : '.'}${node.name.value}`;
    if (node.kind !== Kind.LIST) continue;
    const item = nodes[index + 1];
    const position = item === undefined ? -1 : node.values.indexOf(item as never);
    if (position >= 0) path += `[${position}]`;
  }
  return path;
}

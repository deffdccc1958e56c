import { type DocumentNode, getOperationAST, type GraphQLSchema } from 'graphql';
import { sizesOf } from './list-size.ts';
import { measure, type Measures } from './measure.ts';

const known = new WeakMap<DocumentNode, Map<string, Measures>>();

/** What one request demands; remembered where no variable plays a part. Undefined when it names no operation. */
export function measuresOf(args: {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: { readonly [name: string]: unknown } | null | undefined;
}): Measures | undefined {
  const { schema, document, operationName, variableValues } = args;
  let ofDocument = known.get(document);
  if (ofDocument === undefined) known.set(document, (ofDocument = new Map()));
  const name = operationName ?? '';
  const before = ofDocument.get(name);
  if (before !== undefined) return before;
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const sizes = sizesOf(operation, variableValues ?? {});
  const measures = measure(schema, document, operation, sizes);
  if (!sizes.fromVariables) ofDocument.set(name, measures);
  return measures;
}

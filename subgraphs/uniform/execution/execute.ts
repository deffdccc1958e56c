import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { compile } from './compile.ts';
import type { SelectionPlan } from './plan.ts';
import { argumentsOf, type Run, runSelection, runSerially } from './run.ts';

/** One operation of a valid document. */
interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

interface Compiled {
  readonly operation: OperationDefinitionNode;
  readonly plan: SelectionPlan;
}

/** Executes operations on a schema, each document worked out once. Documents are trusted to be valid, stored values to fit their types. */
export interface Engine {
  /** Throws where the document has no such operation. */
  typeOf(operation: Operation): OperationTypeNode;
  execute(operation: Operation, context: unknown, source?: unknown): Promise<ExecutionResult>;
  /** Starts the subscription of an operation; each event is then executed with `execute`. Errors of the start are thrown. */
  subscribe(operation: Operation, context: unknown): Promise<AsyncIterable<unknown>>;
}

/** An engine for one schema. */
export function createEngine(schema: GraphQLSchema): Engine {
  const compiled = new WeakMap<DocumentNode, Map<string, Compiled>>();
  const compiledOf = ({ document, operationName = '' }: Operation): Compiled => {
    let ofDocument = compiled.get(document);
    if (ofDocument === undefined) compiled.set(document, (ofDocument = new Map()));
    let found = ofDocument.get(operationName);
    if (found === undefined) {
      const operation = getOperationAST(document, operationName || undefined);
      if (!operation) throw new GraphQLError('The document has no such operation');
      ofDocument.set(operationName, (found = { operation, plan: compile(schema, document, operation) }));
    }
    return found;
  };
  const startRun = ({ operation }: Compiled, given: Operation['variables'], context: unknown): Run => {
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {});
    if (errors?.[0] !== undefined) throw errors[0];
    return { schema, context, variables: coerced ?? {}, errors: [], arguments: new Map() };
  };

  return {
    typeOf: (asked) => compiledOf(asked).operation.operation,
    async execute(asked, context, source) {
      try {
        const found = compiledOf(asked);
        const run = startRun(found, asked.variables, context);
        const { errors } = run;
        try {
          const data = await (found.operation.operation === 'mutation'
            ? runSerially(run, found.plan, source)
            : runSelection(run, found.plan, source, undefined));
          return errors.length === 0 ? { data } : { data, errors };
        } catch (error) {
          return { data: null, errors: [...errors, asGraphQLError(error)] };
        }
      } catch (error) {
        return { errors: [asGraphQLError(error)] };
      }
    },
    async subscribe(asked, context) {
      const found = compiledOf(asked);
      const run = startRun(found, asked.variables, context);
      const [field] = found.plan.fields;
      const start = field?.definition.subscribe;
      if (field === undefined || start === undefined) throw new GraphQLError('The operation is not a subscription');
      return (await start(undefined, argumentsOf(run, field), context, { schema } as never)) as AsyncIterable<unknown>;
    },
  };
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(cause.message, { originalError: cause });
}

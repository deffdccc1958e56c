import {
  getArgumentValues,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
  locatedError,
} from 'graphql';
import { breathe, inSlices } from '../../../access/limits/slices.ts';
import type { Condition, FieldPlan, SelectionPlan } from './plan.ts';

type MaybePromise<T> = T | Promise<T>;
type Value = unknown;

interface Path {
  readonly above: Path | undefined;
  readonly key: string | number;
}

/** One run of a plan. */
export interface Run {
  readonly schema: GraphQLSchema;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly errors: GraphQLError[];
  /** Arguments made from variables, by plan: they are the same wherever the plan is met. */
  readonly arguments: Map<FieldPlan, Record<string, unknown>>;
}

/** Executes a selection on a source. Rejects with an error when null would have to stand where none may. */
export function runSelection(
  run: Run,
  plan: SelectionPlan,
  source: unknown,
  above: Path | undefined,
): MaybePromise<Record<string, Value>> {
  const answer: Record<string, Value> = {};
  let waiting: Promise<void>[] | undefined;
  for (const field of plan.fields) {
    if (
      field.conditions !== undefined &&
      !field.conditions.some((all) => all.every((condition) => holds(run, condition)))
    )
      continue;
    if (field.name === '__typename') {
      answer[field.key] = plan.typeName;
      continue;
    }
    const value = runField(run, field, source, above);
    if (value instanceof Promise) {
      // Keeps the place of the key in the answer.
      answer[field.key] = undefined;
      (waiting ??= []).push(
        value.then((settled) => {
          answer[field.key] = settled;
        }),
      );
    } else {
      answer[field.key] = value;
    }
  }
  return waiting === undefined ? answer : Promise.all(waiting).then(() => answer);
}

/** Executes root fields one after the other, as mutations need. */
export async function runSerially(run: Run, plan: SelectionPlan, source: unknown): Promise<Record<string, Value>> {
  const answer: Record<string, Value> = {};
  for (const field of plan.fields)
    Object.assign(answer, await runSelection(run, { ...plan, fields: [field] }, source, undefined));
  return answer;
}

function runField(run: Run, field: FieldPlan, source: unknown, above: Path | undefined): MaybePromise<Value> {
  const { resolve } = field;
  if (resolve === undefined) {
    const value = (source as Record<string, Value>)[field.name];
    if (field.below === undefined && typeof value !== 'function') {
      // A plain value of the stored object, which was checked when it was written.
      if (value !== undefined && value !== null) return value;
      if (!isNonNullType(field.type)) return null;
    }
    return settle(run, field, above, () =>
      complete(run, field, field.type, typeof value === 'function' ? value.call(source) : value, {
        above,
        key: field.key,
      }),
    );
  }
  return settle(run, field, above, () => {
    const value = resolve(source, argumentsOf(run, field), run.context, { schema: run.schema } as GraphQLResolveInfo);
    const path = { above, key: field.key };
    return value instanceof Promise
      ? value.then((settled) => {
          // Many of them may settle at once.
          const wait = breathe();
          const go = (): MaybePromise<Value> => complete(run, field, field.type, settled, path);
          return wait === undefined ? go() : inSlices(async () => go());
        })
      : complete(run, field, field.type, value, path);
  });
}

/** Runs a field; where null may stand, its error is kept and null is its value. */
function settle(
  run: Run,
  field: FieldPlan,
  above: Path | undefined,
  work: () => MaybePromise<Value>,
): MaybePromise<Value> {
  const failed = (error: unknown): null => {
    const located =
      error instanceof GraphQLError && error.path
        ? error
        : locatedError(error, field.node, pathOf({ above, key: field.key }));
    if (isNonNullType(field.type)) throw located;
    run.errors.push(located);
    return null;
  };
  try {
    const value = work();
    return value instanceof Promise ? value.catch(failed) : value;
  } catch (error) {
    return failed(error);
  }
}

function complete(run: Run, field: FieldPlan, type: GraphQLOutputType, value: Value, path: Path): MaybePromise<Value> {
  if (value instanceof Error) throw value;
  if (isNonNullType(type)) {
    const done = complete(run, field, type.ofType, value, path);
    return done instanceof Promise ? done.then((settled) => notNull(field, settled)) : notNull(field, done);
  }
  if (value === null || value === undefined) return null;
  if (isListType(type)) return completeList(run, field, type.ofType, value, path);
  if (field.below === undefined) return value;
  const objectType = isObjectType(type) ? type : runtimeType(run, type as GraphQLAbstractType, value);
  return runSelection(run, field.below(objectType), value, path);
}

function completeList(
  run: Run,
  field: FieldPlan,
  itemType: GraphQLOutputType,
  value: Value,
  path: Path,
): MaybePromise<Value[]> {
  if (!Array.isArray(value)) throw new Error(`${field.name} is not a list`);
  let waits = false;
  const items = value.map((item: Value, index) => {
    const at = { above: path, key: index };
    const done = completeItem(run, field, itemType, item, at);
    waits ||= done instanceof Promise;
    return done;
  });
  return waits ? Promise.all(items) : items;
}

function completeItem(run: Run, field: FieldPlan, type: GraphQLOutputType, item: Value, at: Path): MaybePromise<Value> {
  const failed = (error: unknown): null => {
    const located = error instanceof GraphQLError && error.path ? error : locatedError(error, field.node, pathOf(at));
    if (isNonNullType(type)) throw located;
    run.errors.push(located);
    return null;
  };
  try {
    const done =
      item instanceof Promise
        ? item.then((settled) => complete(run, field, type, settled, at))
        : complete(run, field, type, item, at);
    return done instanceof Promise ? done.catch(failed) : done;
  } catch (error) {
    return failed(error);
  }
}

function notNull(field: FieldPlan, value: Value): Value {
  if (value === null || value === undefined)
    throw new Error(`Cannot return null for non-nullable field ${field.name}.`);
  return value;
}

function runtimeType(run: Run, type: GraphQLAbstractType, value: Value): GraphQLObjectType {
  const info = { schema: run.schema } as GraphQLResolveInfo;
  const name = type.resolveType?.(value, run.context, info, type) ?? (value as { __typename?: string }).__typename;
  const found = typeof name === 'string' ? run.schema.getType(name) : undefined;
  if (!isObjectType(found)) throw new Error(`${type.name} is of no known type`);
  return found;
}

/** Arguments of a field in this run. */
export function argumentsOf(run: Run, field: FieldPlan): Readonly<Record<string, unknown>> {
  if (field.constantArguments !== undefined) return field.constantArguments;
  let values = run.arguments.get(field);
  if (values === undefined)
    run.arguments.set(field, (values = getArgumentValues(field.definition, field.node, run.variables)));
  return values;
}

function holds(run: Run, { wanted, value }: Condition): boolean {
  return (typeof value === 'boolean' ? value : run.variables[value.variable] === true) === wanted;
}

function pathOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.above) keys.push(at.key);
  return keys.toReversed();
}

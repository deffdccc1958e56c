import type { Problem } from '../problem.ts';
import { compileList } from './list.ts';
import { sortedCopy } from './json.ts';
import { compileObject } from './object.ts';
import { compileScalar } from './scalar.ts';
import type { Schema } from './schema.ts';
import { Findings, type Walk } from './walk.ts';

/** What a schema makes of a value. */
export interface Checked<T = unknown> {
  /** A copy with stored defaults, without unknown fields and without null. Of use only where there are no problems. */
  readonly value: T;
  /** Paths of the fields that were left out because the schema does not know them. */
  readonly unknown: readonly string[];
  /** What breaks the schema; at most 100. */
  readonly problems: readonly Problem[];
}

const compiled = new WeakMap<Schema, Walk>();

/**
 * Prunes, defaults and validates in one pass. `previous` is the stored value, for fields that cannot change. The value is
 * not touched; compiled once per schema object.
 */
export function check(schema: Schema, value: unknown, previous?: unknown): Checked {
  let walk = compiled.get(schema);
  if (walk === undefined) compiled.set(schema, (walk = compile(schema, false)));
  const findings = new Findings();
  return { value: walk(value, previous, findings), unknown: findings.unknown, problems: findings.problems };
}

function compile(schema: Schema, within: boolean): Walk {
  const sensitive = within || schema['x-datum-sensitive'] === true;
  if (schema.type === undefined)
    return schema['x-kubernetes-int-or-string'] ? compileScalar(schema, sensitive) : sortedCopy;
  switch (schema.type) {
    case 'object':
      return compileObject(schema, (inner) => compile(inner, sensitive));
    case 'array':
      return compileList(schema, compile(schema.items ?? { 'x-kubernetes-preserve-unknown-fields': true }, sensitive));
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return compileScalar(schema, sensitive);
  }
}

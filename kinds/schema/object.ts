import { forbidden, invalid, required, typeInvalid } from '../problem.ts';
import { isObject, jsonEqual, ownValue, setOwn, sortedCopy, typeOf } from './json.ts';
import type { Schema } from './schema.ts';
import type { Findings, Walk } from './walk.ts';

interface Field {
  readonly name: string;
  readonly walk: Walk;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Walk over an object with known fields, free keys, or both. */
export function compileObject(schema: Schema, compile: (schema: Schema) => Walk): Walk {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]): Field => ({
    name,
    schema: field,
    walk: compile(field),
    required: schema.required?.includes(name) ?? false,
  }));
  const known = new Set(fields.map((field) => field.name));
  const free = schema.additionalProperties && compile(schema.additionalProperties);
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const oneOf = schema['x-datum-one-of'];

  return (value, previous, findings) => {
    if (!isObject(value)) {
      findings.add(typeInvalid(findings.pathOf(), typeOf(value), 'object'));
      return value;
    }
    const result: Record<string, unknown> = {};
    const keys = Object.keys(value);
    // Free keys in one order, whatever order they came in: the same object is stored as the same text.
    for (const key of free || keepsUnknown ? keys.toSorted() : keys) {
      if (known.has(key)) continue;
      const free_ = value[key];
      if (free) {
        if (free_ === null) continue;
        findings.enter(key);
        setOwn(result, key, free(free_, ownValue(previous, key), findings));
        findings.leave();
      } else if (keepsUnknown) setOwn(result, key, sortedCopy(free_));
      else findings.addUnknown(key);
    }
    for (const field of fields) walkField(field, value, previous, result, findings);
    if (oneOf) checkOneOf(oneOf, result, findings);
    return result;
  };
}

function walkField(
  field: Field,
  value: Readonly<Record<string, unknown>>,
  previous: unknown,
  result: Record<string, unknown>,
  findings: Findings,
): void {
  const { name, schema } = field;
  let own = Object.hasOwn(value, name) ? value[name] : undefined;
  if (own === null && schema.nullable !== true) own = undefined;
  if (own === undefined) own = schema.default;
  if (own === undefined) {
    if (field.required) findings.add(required(findings.pathOf(name)));
    return;
  }
  const before = ownValue(previous, name);
  findings.enter(name);
  const walked = field.walk(own, before, findings);
  if (schema['x-datum-immutable'] && before !== undefined && !jsonEqual(walked, before)) {
    const { message = 'field is immutable', reason } = {
      ...schema['x-kubernetes-validations']?.[0],
      reason: typeOf(walked),
    };
    findings.add(invalid(findings.pathOf(), reason, message));
  }
  findings.leave();
  result[name] = walked;
}

function checkOneOf(
  oneOf: NonNullable<Schema['x-datum-one-of']>,
  value: Record<string, unknown>,
  findings: Findings,
): void {
  const [first, ...others] = oneOf.fields.filter((field) => Object.hasOwn(value, field));
  const names = oneOf.fields.join(', ');
  if (first === undefined && !oneOf.optional) {
    findings.add(
      required(
        findings.pathOf(),
        oneOf.fields.length === 1 ? `${names} must be set` : `exactly one of ${names} must be set`,
      ),
    );
  }
  for (const other of others)
    findings.add(forbidden(findings.pathOf(other), `may not be set together with ${first ?? ''}`));
}

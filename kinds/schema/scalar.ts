import { invalid, notSupported, tooLong, typeInvalid, type Problem } from '../problem.ts';
import { formatChecks } from './formats.ts';
import { typeOf } from './json.ts';
import type { Schema } from './schema.ts';
import type { Walk } from './walk.ts';

/** Stands in messages for a value that must not be shown. */
const hidden = '<hidden>';

/** What a rule finds in a value: the problem, once it is known where, and what messages may show of the value. */
type Fault = (path: string, shown: string | number) => Problem;
type Rule = (value: string | number) => Fault | undefined;

/** Walk over a string, number, boolean, or integer or string. */
export function compileScalar(schema: Schema, sensitive: boolean): Walk {
  const types = typesOf(schema);
  const expected = schema.type ?? types.join(',');
  const rules = [enumRule(schema), rangeRule(schema), textRule(schema), formatRule(schema)].filter(
    (rule) => rule !== undefined,
  );
  // Kubernetes says of a value of the wrong type as well that it is none of those supported.
  const rulesOfMisfits = schema.enum ? rules.slice(0, 1) : [];
  return (value, _previous, findings) => {
    const type = typeOf(value);
    const fits = types.includes(type);
    if (!fits) findings.add(typeInvalid(findings.pathOf(), type, expected));
    for (const rule of fits ? rules : rulesOfMisfits) {
      const fault = rule(value as string | number);
      if (fault) findings.add(fault(findings.pathOf(), sensitive ? hidden : (value as string | number)));
    }
    return value;
  };
}

function typesOf(schema: Schema): string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  if (schema.type === 'number') return ['number', 'integer'];
  return schema.type === undefined ? [] : [schema.type];
}

function enumRule({ enum: values }: Schema): Rule | undefined {
  if (values === undefined) return undefined;
  return (value) => (values.includes(value) ? undefined : (path, shown) => notSupported(path, shown, values));
}

function rangeRule({ minimum, maximum }: Schema): Rule | undefined {
  if (minimum === undefined && maximum === undefined) return undefined;
  return (value) => {
    if (maximum !== undefined && Number(value) > maximum) return body(`should be less than or equal to ${maximum}`);
    if (minimum !== undefined && Number(value) < minimum) return body(`should be greater than or equal to ${minimum}`);
    return undefined;
  };
}

/** Length and pattern: only the first that is broken speaks. */
function textRule({ minLength, maxLength, pattern }: Schema): Rule | undefined {
  if (minLength === undefined && maxLength === undefined && pattern === undefined) return undefined;
  const regExp = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return (value) => {
    const text = String(value);
    if (maxLength !== undefined && lengthOf(text) > maxLength) return (path) => tooLong(path, maxLength);
    if (minLength !== undefined && lengthOf(text) < minLength)
      return body(`should be at least ${minLength} chars long`);
    return regExp?.test(text) === false ? body(`should match '${pattern ?? ''}'`) : undefined;
  };
}

function formatRule({ format, maximum }: Schema): Rule | undefined {
  // A narrower range has spoken already.
  if (format === undefined || (format === 'int32' && maximum !== undefined)) return undefined;
  const check = formatChecks[format];
  if (check === undefined) return undefined;
  return (value) => {
    const fault = check(value);
    if (fault === undefined) return undefined;
    if ('text' in fault) return (path, shown) => invalid(path, shown, fault.text);
    return (path, shown) => typeInvalid(path, String(shown), format);
  };
}

/** A fault in the words of Kubernetes' schema validation. */
function body(text: string): Fault {
  return (path, shown) => invalid(path, shown, `${path} in body ${text}`);
}

/** Characters, not UTF-16 units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

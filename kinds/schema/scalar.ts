import { invalid, notSupported, tooLong, typeInvalid, type Problem } from '../problem.ts';
import { formatChecks } from './formats.ts';
import { typeOf } from './json.ts';
import type { Schema } from './schema.ts';
import type { Walk } from './walk.ts';

/** Stands in messages for a value that must not be shown. */
const hidden = '<hidden>';

/** Walk over a string, number, boolean, or integer or string. */
export function compileScalar(schema: Schema, sensitive: boolean): Walk {
  const types = schema['x-kubernetes-int-or-string']
    ? ['integer', 'string']
    : schema.type === undefined
      ? []
      : [schema.type];
  const rules = rulesOf(schema, sensitive);
  return (value, _previous, findings) => {
    const type = typeOf(value);
    const fits = types.includes(type) || (type === 'integer' && schema.type === 'number');
    if (!fits) findings.add(typeInvalid(findings.pathOf(), type, types.join(',')));
    for (const rule of fits ? rules : rules.slice(0, schema.enum ? 1 : 0)) {
      const problem = rule(value as string | number, () => findings.pathOf());
      if (problem !== undefined) findings.add(problem);
    }
    return value;
  };
}

type Rule = (value: string | number, path: () => string) => Problem | undefined;

/** The rules on a value, the enum first: it holds for values of the wrong type as well. */
function rulesOf(schema: Schema, sensitive: boolean): Rule[] {
  const rules: Rule[] = [];
  const shown = (value: string | number): string | number => (sensitive ? hidden : value);
  const { enum: values, minimum, maximum, minLength, maxLength, pattern, format } = schema;
  if (values)
    rules.push((value, path) => (values.includes(value) ? undefined : notSupported(path(), shown(value), values)));
  if (maximum !== undefined) {
    rules.push((value, path) =>
      Number(value) > maximum
        ? invalid(path(), shown(value), `${path()} in body should be less than or equal to ${maximum}`)
        : undefined,
    );
  }
  if (minimum !== undefined) {
    rules.push((value, path) =>
      Number(value) < minimum
        ? invalid(path(), shown(value), `${path()} in body should be greater than or equal to ${minimum}`)
        : undefined,
    );
  }
  if (maxLength !== undefined)
    rules.push((value, path) => (lengthOf(value) > maxLength ? tooLong(path(), maxLength) : undefined));
  if (minLength !== undefined) {
    rules.push((value, path) =>
      lengthOf(value) < minLength
        ? invalid(path(), shown(value), `${path()} in body should be at least ${minLength} chars long`)
        : undefined,
    );
  }
  if (pattern !== undefined) {
    const regExp = new RegExp(pattern, 'u');
    rules.push((value, path) =>
      regExp.test(String(value))
        ? undefined
        : invalid(path(), shown(value), `${path()} in body should match '${pattern}'`),
    );
  }
  const check =
    format === undefined || (format === 'int32' && maximum !== undefined) ? undefined : formatChecks[format];
  if (check) {
    rules.push((value, path) => {
      const fault = check(value);
      if (fault === undefined) return undefined;
      return 'text' in fault
        ? invalid(path(), shown(value), fault.text)
        : typeInvalid(path(), String(shown(value)), format ?? '');
    });
  }
  return rules;
}

/** Characters, not UTF-16 units. */
function lengthOf(value: string | number): number {
  let length = 0;
  for (const _ of String(value)) length += 1;
  return length;
}

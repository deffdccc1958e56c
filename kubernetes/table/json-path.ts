import { isObject } from '../../kinds/schema/json.ts';
import { parseJsonPath, type Comparison, type Step } from './parse-json-path.ts';

/**
 * A JSONPath in Kubernetes' dialect, as columns use it: `.a.b`, `['a']`, `[0]`, `[-1]`, `[0:2]`, `[*]`, `.*`, escaped dots
 * and filters such as `[?(@.type=="Ready")]`. Answers the first value found, or undefined. A path that is not understood
 * finds nothing.
 */
export function compileJsonPath(path: string): (value: unknown) => unknown {
  const steps = parseJsonPath(path);
  return steps === undefined ? () => undefined : (value) => first(value, steps, 0);
}

function first(value: unknown, steps: readonly Step[], index: number): unknown {
  const step = steps[index];
  if (step === undefined) return value;
  if (step.kind === 'field') {
    if (!isObject(value) || !Object.hasOwn(value, step.name)) return undefined;
    return first(value[step.name], steps, index + 1);
  }
  for (const next of several(value, step)) {
    const found = first(next, steps, index + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function several(value: unknown, step: Exclude<Step, { kind: 'field' }>): readonly unknown[] {
  switch (step.kind) {
    case 'all':
      return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'index': {
      const found: unknown = Array.isArray(value) ? value.at(step.index) : undefined;
      return found === undefined ? [] : [found];
    }
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => matches(item, step)) : [];
    default:
      throw new Error(`No such step: ${String(step satisfies never)}`);
  }
}

function matches(item: unknown, { path, comparison, operand }: Extract<Step, { kind: 'filter' }>): boolean {
  const value = first(item, path, 0);
  if (comparison === undefined) return value !== undefined;
  if (typeof value !== typeof operand || operand === undefined) return false;
  return compare(value as typeof operand, comparison, operand);
}

function compare<T extends string | number | boolean>(value: T, comparison: Comparison, operand: T): boolean {
  switch (comparison) {
    case '==':
      return value === operand;
    case '!=':
      return value !== operand;
    case '<':
      return value < operand;
    case '<=':
      return value <= operand;
    case '>':
      return value > operand;
    case '>=':
      return value >= operand;
    default:
      throw new Error(`No such comparison: ${String(comparison satisfies never)}`);
  }
}

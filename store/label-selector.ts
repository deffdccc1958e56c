import { StoreError } from './errors.ts';

/** One part of a label selector; all parts must hold. */
export type LabelRequirement =
  | { readonly key: string; readonly operator: 'in' | 'notin'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'exists' | 'absent' }
  | { readonly key: string; readonly operator: 'above' | 'below'; readonly bound: number };

const keyPattern = /^([a-z0-9A-Z]([-a-z0-9A-Z.]*[a-z0-9A-Z])?\/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]*[a-z0-9A-Z])?$/;
const valuePattern = /^([a-z0-9A-Z]([-a-z0-9A-Z_.]*[a-z0-9A-Z])?)?$/;
const longestKey = 317;
const longestValue = 63;
const token = /\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)/y;
const operators = ['=', '==', '!=', 'in', 'notin', '>', '<'];

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. Throws BadRequest. */
export function parseLabelSelector(text: string): LabelRequirement[] {
  const tokens = tokensOf(text);
  const requirements: LabelRequirement[] = [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';

  while (at < tokens.length) {
    requirements.push(requirement());
    if (at === tokens.length) break;
    if (next() !== ',') throw refusal(text, `found ${JSON.stringify(tokens[at - 1])}, expected: ',' or the end`);
    if (at === tokens.length) throw refusal(text, "found '', expected: identifier after ','");
  }
  return requirements;

  function requirement(): LabelRequirement {
    const first = next();
    const key = checked(text, keyPattern, longestKey, first === '!' ? next() : first);
    const operator = tokens[at] ?? ',';
    if (first === '!' || operator === ',') return { key, operator: first === '!' ? 'absent' : 'exists' };
    at += 1;
    switch (operator) {
      case '=':
      case '==':
        return { key, operator: 'in', values: [value()] };
      case '!=':
        return { key, operator: 'notin', values: [value()] };
      case 'in':
      case 'notin':
        return { key, operator, values: set() };
      case '>':
      case '<':
        return { key, operator: operator === '>' ? 'above' : 'below', bound: whole(value()) };
      default:
        throw refusal(text, `found ${JSON.stringify(operator)}, expected: ${operators.join(', ')}`);
    }
  }

  /** One value; none at all is the empty one. */
  function value(): string {
    const given = tokens[at] ?? ',';
    if (given === ',' || given === ')') return '';
    at += 1;
    return checked(text, valuePattern, longestValue, given);
  }

  function set(): string[] {
    if (next() !== '(') throw refusal(text, "expected: '('");
    const values = [value()];
    for (let mark = next(); mark !== ')'; mark = next()) {
      if (mark !== ',') throw refusal(text, `found ${JSON.stringify(mark)}, expected: ',' or ')'`);
      values.push(value());
    }
    return values;
  }

  function whole(given: string): number {
    if (!/^\d{1,15}$/.test(given)) throw refusal(text, `for '>' and '<' the value must be an integer`);
    return Number(given);
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  for (token.lastIndex = 0; token.lastIndex < trimmed.length;) {
    const match = token.exec(trimmed);
    if (match === null) break;
    tokens.push(match[1] ?? '');
  }
  return tokens;
}

function checked(whole: string, pattern: RegExp, longest: number, given: string): string {
  if (given.length <= longest && pattern.test(given)) return given;
  throw refusal(whole, `${JSON.stringify(given)} is not valid there`);
}

function refusal(text: string, what: string): StoreError {
  return new StoreError('BadRequest', `unable to parse label selector ${JSON.stringify(text)}: ${what}`);
}

/** Whether labels fulfil a requirement. */
export function labelsMatch(labels: Readonly<Record<string, string>>, requirement: LabelRequirement): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notin':
      return value === undefined || !requirement.values.includes(value);
    case 'above':
      return isWhole(value) && Number(value) > requirement.bound;
    case 'below':
      return isWhole(value) && Number(value) < requirement.bound;
  }
}

function isWhole(value: string | undefined): boolean {
  return value !== undefined && /^\d{1,15}$/.test(value);
}

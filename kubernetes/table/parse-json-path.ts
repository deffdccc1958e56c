export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** One step of a path, from a value to those inside it. */
export type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly from: number; readonly to: number | undefined }
  | { readonly kind: 'all' }
  /** Without comparison: the items that have the path at all. */
  | {
      readonly kind: 'filter';
      readonly path: readonly Step[];
      readonly comparison?: Comparison;
      readonly operand?: string | number | boolean;
    };

/** No real column goes deeper. */
const maxSteps = 64;

const field = /\.?((?:[^.[\]{}()'"\\\s*?@]|\\.)+)/y;
const wildcard = /\.\*|\[\*\]/y;
const quoted = /\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y;
const position = /\[(-?\d{1,9})\]/y;
const slice = /\[(\d{0,9}):(\d{0,9})\]/y;
const filter =
  /\[\?\(\s*@([^=!<>\s)'"]*)\s*(?:(==|!=|<=|>=|<|>)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s)'"]+)\s*)?\)\]/y;

/** Steps of a path; undefined when it is not understood. */
export function parseJsonPath(path: string): readonly Step[] | undefined {
  const text = path.startsWith('{') && path.endsWith('}') ? path.slice(1, -1) : path;
  const steps: Step[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  while (at < text.length) {
    const read = readStep(text, at);
    if (read === undefined || steps.length === maxSteps) return undefined;
    steps.push(read.step);
    at = read.end;
  }
  return steps;
}

function readStep(text: string, at: number): { step: Step; end: number } | undefined {
  for (const [pattern, make] of readers) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const step = make(match);
    return step && { step, end: pattern.lastIndex };
  }
  return undefined;
}

const readers: readonly (readonly [RegExp, (match: RegExpExecArray) => Step | undefined])[] = [
  [wildcard, () => ({ kind: 'all' })],
  [field, (match) => ({ kind: 'field', name: unescaped(match[1]) })],
  [quoted, (match) => ({ kind: 'field', name: unescaped(match[1] ?? match[2]) })],
  [position, (match) => ({ kind: 'index', index: Number(match[1]) })],
  [slice, (match) => ({ kind: 'slice', from: Number(match[1]), to: match[2] ? Number(match[2]) : undefined })],
  [filter, filterStep],
];

function filterStep([, inner = '', comparison, operand]: RegExpExecArray): Step | undefined {
  const path = parseJsonPath(inner);
  if (path === undefined) return undefined;
  if (comparison === undefined || operand === undefined) return { kind: 'filter', path };
  const value = literal(operand);
  return value === undefined
    ? undefined
    : { kind: 'filter', path, comparison: comparison as Comparison, operand: value };
}

function literal(text: string): string | number | boolean | undefined {
  if (text.startsWith("'") || text.startsWith('"')) return unescaped(text.slice(1, -1));
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function unescaped(text = ''): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

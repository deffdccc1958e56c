const OPERATORS = ['=', '!=', ':', '<', '<=', '>', '>=', 'eq', 'ne'] as const;
type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly kind: 'condition';
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

export type FilterNode =
  | Condition
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode };

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** The filter as a tree, or undefined when it is none. Two terms side by side mean AND. */
export function parseFilter(text: string): FilterNode | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  let position = 0;

  const peek = () => tokens[position];
  const isNext = (word: string) => peek()?.quoted === false && peek()?.text === word;
  const take = (word: string) => {
    if (!isNext(word)) return false;
    position += 1;
    return true;
  };

  const parseOr = (): FilterNode | undefined => {
    const parts: FilterNode[] = [];
    do {
      const part = parseAnd();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (take('OR'));
    return parts.length === 1 ? parts[0] : { kind: 'or', parts };
  };
  const parseAnd = (): FilterNode | undefined => {
    const parts: FilterNode[] = [];
    do {
      const part = parseTerm();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (take('AND') || (peek() !== undefined && !isNext(')') && !isNext('OR')));
    return parts.length === 1 ? parts[0] : { kind: 'and', parts };
  };
  const parseTerm = (): FilterNode | undefined => {
    if (take('NOT') || take('-')) {
      const part = parseTerm();
      return part === undefined ? undefined : { kind: 'not', part };
    }
    if (take('(')) {
      const inner = parseOr();
      return take(')') ? inner : undefined;
    }
    return parseCondition();
  };
  const parseCondition = (): FilterNode | undefined => {
    const [field, operator, value] = [tokens[position], tokens[position + 1], tokens[position + 2]];
    if (field === undefined || operator === undefined || value === undefined) return undefined;
    if (operator.quoted || !isOperator(operator.text) || (!value.quoted && /^[()]$/.test(value.text))) return undefined;
    position += 3;
    return { kind: 'condition', field: field.text, operator: operator.text, value: value.text };
  };

  const node = parseOr();
  return position === tokens.length ? node : undefined;
}

function isOperator(text: string): text is Operator {
  return (OPERATORS as readonly string[]).includes(text);
}

/** Words, operators, parentheses and quoted texts; undefined when a quote is not closed. */
function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const pattern =
    /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|<=|>=|[=:<>()])|(-(?=[a-zA-Z(]))|([^\s=:<>()!"']+(?:[(].*?[)](?=\s|$|\)))?))/gy;
  const length = text.trimEnd().length;
  for (let end = 0; end < length; end = pattern.lastIndex) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const quoted = match[1] ?? match[2];
    const plain = match[3] ?? match[4] ?? match[5] ?? '';
    tokens.push(quoted === undefined ? { text: plain, quoted: false } : { text: unescape(quoted), quoted: true });
  }
  return tokens;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

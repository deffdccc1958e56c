/** One item of an Accept header; names and types in lower case. */
export interface AcceptItem {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** No client lists more; what stands behind is ignored. */
const maxItems = 64;

/** Items of an Accept header, the preferred first: by weight, then the less general, then as they stand. */
export function parseAccept(header: string): AcceptItem[] {
  const items = header
    .split(',', maxItems)
    .map((text) => parseItem(text))
    .filter((item) => item !== undefined);
  return items
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight || wildcards(a) - wildcards(b));
}

function parseItem(text: string): (AcceptItem & { readonly weight: number }) | undefined {
  const [range = '', ...rest] = text.split(';');
  const [type, subtype, ...more] = range.trim().toLowerCase().split('/');
  if (!type || !subtype || more.length > 0) return undefined;
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals > 0) parameters.set(part.slice(0, equals).trim().toLowerCase(), unquoted(part.slice(equals + 1).trim()));
  }
  const weight = Number(parameters.get('q') ?? 1);
  parameters.delete('q');
  return { type, subtype, parameters, weight: Number.isFinite(weight) ? weight : 1 };
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function wildcards({ type, subtype }: AcceptItem): number {
  return type === '*' ? 2 : subtype === '*' ? 1 : 0;
}

/** Description before a definition, indented by `indent`, with its line break; nothing for none. */
export function describe(text: string | null | undefined, indent = ''): string {
  if (text === undefined || text === null || text === '') return '';
  if (!text.includes('\n')) return `${indent}${JSON.stringify(text)}\n`;
  const lines = text.replaceAll('"""', '\\"""').split('\n');
  return `${indent}"""\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}\n${indent}"""\n`;
}

/** A block of SDL: head, then fields in braces. */
export function block(head: string, fields: readonly string[], description?: string | null): string {
  return `${describe(description)}${head} {\n${fields.join('\n')}\n}\n`;
}

/** One field line, with its description above it. */
export function field(signature: string, description?: string | null): string {
  return `${describe(description, '  ')}  ${signature}`;
}

/** `name(arguments): type`, one argument a line; an argument's description stands on a line before it. */
export function signature(name: string, args: readonly string[], type: string): string {
  return `${name}(\n${args.map((arg) => `    ${arg}`).join('\n')}\n  ): ${type}`;
}

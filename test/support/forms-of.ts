/**
 * How a value may be found where it must not be: as it is, encoded, or somewhere inside a text that is encoded as a whole,
 * which base64 shows in three ways.
 */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(value);
  const forms = new Map([
    ['as it is', value],
    ['hexadecimal', bytes.toString('hex')],
    ['hexadecimal in capitals', bytes.toString('hex').toUpperCase()],
    ['URL encoded', encodeURIComponent(value)],
    ['in JSON', JSON.stringify(value).slice(1, -1)],
    ['as a list of bytes', [...bytes].join(',')],
    ['backwards', [...value].toReversed().join('')],
  ]);
  for (const [times, encode] of [
    ['base64', (inner: Buffer) => inner],
    ['base64 twice', (inner: Buffer) => Buffer.from(inner.toString('base64'))],
  ] as const) {
    for (const offset of [0, 1, 2]) {
      // What stands before and after shifts the value; only the characters that are its own are looked for.
      const inner = encode(bytes);
      const text = Buffer.concat([Buffer.alloc(offset), inner, Buffer.alloc(3)]).toString('base64');
      const own = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + inner.length) * 8) / 6));
      forms.set(`${times}, ${offset} further`, own);
      forms.set(`${times} of URLs, ${offset} further`, own.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return forms;
}

/** Where in a text a value is found, in which form: `form: …text around…`. */
export function findForms(text: string, forms: ReadonlyMap<string, string>): string[] {
  return [...forms].flatMap(([form, wanted]) => {
    const at = text.indexOf(wanted);
    return at === -1 ? [] : [`${form}: …${text.slice(Math.max(0, at - 160), at + wanted.length + 80)}…`];
  });
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson, textOf } from './read-json.ts';

describe('keys that came twice', () => {
  test.each([
    ['{"spec":{"mtu":1,"mtu":2}}', ['spec.mtu']],
    ['{"a":[{"b":1},{"b":1,"c":[{"d":1,"d":2}],"b":2}]}', ['a[1].c[0].d', 'a[1].b']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"a":{"x":1},"a":{"x":2}}', ['a']],
    ['{"a":"\\"b\\":1,\\"b\\":2","c":"{\\\\"}', []],
    ['{"a":1,"a":2,"a":3}', ['a']],
    ['[[{"x":1,"x":1}]]', ['[0][0].x']],
  ])('%s', (text, paths) => {
    expect(readJson(text).duplicates.map(({ path }) => path)).toEqual(paths);
  });

  test('the last value counts, and no more than a hundred are told', () => {
    const text = `{${Array.from({ length: 300 }, (_, index) => `"k${index}":1,"k${index}":${index}`).join(',')}}`;
    const { value, duplicates } = readJson(text);
    expect(duplicates).toHaveLength(100);
    expect(value).toMatchObject({ k7: 7, k299: 299 });
  });

  test('as a naive reading of random documents finds them', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { text, duplicates } = written(document, '');
        const read = readJson(text);
        expect(read.duplicates.map(({ path }) => path).toSorted()).toEqual([...new Set(duplicates)].toSorted());
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(lastOf(document)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hostile text', () => {
  test.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['{"a":"', 'unexpected end of JSON input'],
    ['{"a":"b\u0000"}', 'invalid character at position 7'],
    ['<a/>', "invalid character '<' looking for beginning of value"],
    ['\ufeff{}', "invalid character '\ufeff' looking for beginning of value"],
    ['{"a":1e999}', 'json: cannot unmarshal number 1e999 into Go value of type float64'],
    ['{"a":9007199254740993}', 'number 9007199254740993 has more digits than can be kept exactly'],
    ['['.repeat(501) + ']'.repeat(501), 'exceeded max depth'],
    ['{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 'exceeded max depth'],
  ])('%.40s is refused', (text, reason) => {
    expect(() => readJson(text)).toThrow(reason);
  });

  test('a refusal does not repeat the text', () => {
    expect(() => readJson('{"password":"hunter2" oops}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  test('numbers that a double holds pass', () => {
    const text =
      '[9007199254740992,1e3,-0.5,123456789.123456789,1e-400,99999999999,1152921504606846976,1152921504606847000,18446744073709551616]';
    expect(readJson(text).value).toEqual(JSON.parse(text));
  });

  test('keys of the prototype chain are data', () => {
    const { value } = readJson('{"__proto__":{"polluted":1},"constructor":1}');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('halves of surrogate pairs and bytes that are not UTF-8 are replaced', () => {
    expect(readJson('{"\\ud800":["\\uDC00x","\\ud83d\\ude00"]}').value).toEqual({ '\ufffd': ['\ufffdx', '😀'] });
    expect(readJson(textOf(Buffer.from([0x22, 0xff, 0x22]))).value).toBe('\ufffd');
  });

  test('whatever text: refused, or read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.string({ unit: fc.constantFrom(...'{}[]",:0e.-\\u "a') }),
        ),
        (text) => {
          let read: unknown;
          try {
            read = readJson(text).value;
          } catch (error) {
            expect((error as Error).name).toBe('DecodeError');
            return;
          }
          expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)).toWellFormed());
        },
      ),
      { numRuns: 1000 },
    );
  });
});

type Document = number | string | Document[] | { readonly members: readonly (readonly [string, Document])[] };

const documents = fc.letrec<{ document: Document }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string(),
    fc.array(tie('document'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '"', '\\'), tie('document')), { maxLength: 4 })
      .map((members) => ({ members })),
  ),
})).document;

/** The text of a document whose objects may hold a key twice, and the paths of those. */
function written(document: Document, path: string): { text: string; duplicates: string[] } {
  if (typeof document !== 'object') return { text: JSON.stringify(document), duplicates: [] };
  if (Array.isArray(document)) {
    const items = document.map((item, index) => written(item, `${path}[${index}]`));
    return {
      text: `[${items.map(({ text }) => text).join(', ')}]`,
      duplicates: items.flatMap((item) => item.duplicates),
    };
  }
  const seen = new Set<string>();
  const duplicates: string[] = [];
  const texts = document.members.map(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (seen.has(key)) duplicates.push(at);
    seen.add(key);
    const inner = written(value, at);
    duplicates.push(...inner.duplicates);
    return `${JSON.stringify(key)} : ${inner.text}`;
  });
  return { text: `{${texts.join(',')}}`, duplicates };
}

test('of an escaped key that came twice the last value counts, every time', () => {
  // JSON.parse of Node 24 takes the first one from the second time on.
  for (let time = 0; time < 100; time += 1) {
    expect(readJson('{"\\"":1,"\\"":2,"\\\\":3}')).toMatchObject({
      value: { '"': 2, '\\': 3 },
      duplicates: [{ path: '"' }],
    });
  }
});

/** The value of a document. */
function lastOf(document: Document): unknown {
  if (typeof document !== 'object') return document;
  if (Array.isArray(document)) return document.map(lastOf);
  return Object.fromEntries(document.members.map(([key, value]) => [key, lastOf(value)]));
}

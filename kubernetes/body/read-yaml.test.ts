import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readYaml } from './read-yaml.ts';

test.each([
  [
    'a: 1\nb: -0x10\nc: 1e3\nd: .5\ne: 1_000\nf: 0b11\ng: 0o17\nh: 017',
    { a: 1, b: -16, c: 1000, d: 0.5, e: 1000, f: 3, g: 15, h: 15 },
  ],
  ['a: yes\nb: Off\nc: ~\nd:\ne: "yes"\nf: null', { a: true, b: false, c: null, d: null, e: 'yes', f: null }],
  [
    'a: 2001-01-01\nb: 2024-01-01T00:00:00Z\nc: 12:30:45',
    { a: '2001-01-01', b: '2024-01-01T00:00:00Z', c: '12:30:45' },
  ],
  ['a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2', { a: { b: 1 }, c: { b: 1 }, d: { b: 1, e: 2 } }],
  ['a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
  ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
  ['a: !!str 1\nb: !!binary aGk=', { a: '1', b: 'hi' }],
  ['{"a": [1, "x"], "b": null}', { a: [1, 'x'], b: null }],
  ['{a: b}', { a: 'b' }],
  ['---\na: 1\n---\nb: 2', { a: 1 }],
  ['', null],
])('%j', (text, value) => {
  expect(readYaml(text).value).toEqual(value);
});

test('keys that came twice are named with their lines, in YAML and in JSON', () => {
  expect(readYaml('spec:\n  mtu: 1400\n  mtu: 1500\n').duplicates).toEqual(['line 3: key "mtu" already set in map']);
  const { value, duplicates } = readYaml('{\n "spec": {"mtu": 1400,\n "mtu": 1500}}');
  expect(duplicates).toEqual(['line 3: key "mtu" already set in map']);
  expect(value).toEqual({ spec: { mtu: 1500 } });
});

test('keys of the prototype chain are data', () => {
  expect(JSON.stringify(readYaml('__proto__: {polluted: 1}\nx: &a {__proto__: 1}\nz: {<<: *a}').value)).toBe(
    '{"__proto__":{"polluted":1},"x":{"__proto__":1},"z":{"__proto__":1}}',
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const laughs = [
  'a0: &a0 [x, x]',
  ...Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`),
].join('\n');
const longText = `a: &a ${'x'.repeat(500_000)}\nb: [${Array.from({ length: 50 }, () => '*a').join(', ')}]`;

test.each([
  ['a: [b', 'Flow sequence'],
  ['a: &a [*a]', 'exceeded max depth'],
  ['a: *b', "unknown anchor 'b' referenced"],
  ['a: .inf', 'unsupported value'],
  ['a: 1e999', 'cannot unmarshal number'],
  ['a: 9007199254740993', 'more digits than can be kept exactly'],
  ['? [a]\n: b', 'unsupported map key'],
  [laughs, 'excessive aliasing'],
  [longText, 'excessive aliasing'],
  ['['.repeat(100_000), 'too complex'],
  ['&a '.repeat(40_000), 'anchor'],
  ['- '.repeat(30_000), 'Maximum call stack'],
  ['"'.repeat(1_000_000), 'too complex'],
])('%.30s is refused', (text, reason) => {
  expect(() => readYaml(text)).toThrow(reason);
});

test('what a library writes is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      // The library writes this key as if it were to merge.
      fc.pre(!JSON.stringify(value).includes('"<<":'));
      expect(JSON.stringify(readYaml(stringify(value, { version: '1.1' })).value)).toBe(JSON.stringify(value));
    }),
    { numRuns: 1000 },
  );
});

test('whatever text: read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab: -[]{}&*!|>?"\'\n#%,1<') }), (text) => {
      try {
        readYaml(text);
      } catch (error) {
        expect((error as Error).name).toBe('DecodeError');
      }
    }),
    { numRuns: 1000 },
  );
});

import { expect, test } from 'vitest';
import { fieldDiff } from './field-diff.ts';
import { lineDiff } from './line-diff.ts';

test.each<[string, unknown, unknown, unknown]>([
  ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
  ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', before: 1, after: 2 }]],
  [
    'what came and went',
    { a: 1 },
    { b: { c: 1 } },
    [
      { path: 'a', before: 1 },
      { path: 'b', after: { c: 1 } },
    ],
  ],
  [
    'items',
    { a: [1, 2] },
    { a: [1, 3, 4] },
    [
      { path: 'a[1]', before: 2, after: 3 },
      { path: 'a[2]', after: 4 },
    ],
  ],
  ['keys with dots', { a: { 'b.c/d': 1 } }, { a: {} }, [{ path: 'a["b.c/d"]', before: 1 }]],
  ['other forms', { a: [1] }, { a: { b: 1 } }, [{ path: 'a', before: [1], after: { b: 1 } }]],
  [
    'names of prototypes',
    {},
    JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
    [
      { path: '__proto__', after: { a: 1 } },
      { path: 'constructor', after: 2 },
    ],
  ],
])('fields: %s', (_, before, after, changes) => {
  expect(fieldDiff(before, after)).toEqual(changes);
});

const lines = (...all: (number | string)[]): string => all.join('\n');
const oneToTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test.each<[string, string, string, string]>([
  ['nothing', lines(1, 2), lines(1, 2), ''],
  [
    'a line in the middle',
    lines(...oneToTen),
    lines(1, 2, 3, 4, 'x', 6, 7, 8, 9, 10),
    lines('@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+x', ' 6', ' 7', ' 8'),
  ],
  [
    'two places',
    lines(...oneToTen),
    lines('x', ...oneToTen.slice(1, 9), 'y'),
    lines('@@ -1,4 +1,4 @@', '-1', '+x', ' 2', ' 3', ' 4', '@@ -7,4 +7,4 @@', ' 7', ' 8', ' 9', '-10', '+y'),
  ],
  ['more at the end', lines(1), lines(1, 2), lines('@@ -1,1 +1,2 @@', ' 1', '+2')],
])('lines: %s', (_, before, after, text) => {
  expect(lineDiff(before, after)).toBe(text);
});

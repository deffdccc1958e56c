import { expect, test } from 'vitest';
import { specHash } from './hash.ts';

test('a hash does not depend on the order of fields', () => {
  expect(specHash({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(specHash({ b: { c: [1, 2] }, a: 1 }));
  expect(specHash({ a: [1, 2] })).not.toBe(specHash({ a: [2, 1] }));
});

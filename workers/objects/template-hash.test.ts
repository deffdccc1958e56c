import fc from 'fast-check';
import { expect, test } from 'vitest';
import { templateHash } from './template-hash.ts';

test('the order of keys does not matter, at any depth', () => {
  expect(templateHash({ a: 1, b: { c: [{ d: 2, e: 3 }], f: 4 } })).toBe(
    templateHash({ b: { f: 4, c: [{ e: 3, d: 2 }] }, a: 1 }),
  );
});

test('values, their types and the order of lists matter', () => {
  const hashes = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}].map(templateHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('the hash survives a round trip through JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => templateHash(JSON.parse(JSON.stringify(value))) === templateHash(value)),
  );
});

test('whether instances run is no part of their template', () => {
  const template = (more: object) => ({ metadata: { labels: {} }, spec: { volumes: [], ...more } });
  expect(templateHash(template({ powerState: 'Stopped', restartedAt: '2026-11-23T00:00:00Z' }))).toBe(
    templateHash(template({})),
  );
});

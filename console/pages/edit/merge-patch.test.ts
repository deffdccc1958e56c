import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clashes, mergePatch, patched } from './merge-patch.ts';

const before = { a: 1, keep: { x: 1, y: [1, 2] }, gone: 'x' };

test('a patch says what changed and nothing else', () => {
  expect(mergePatch(before, { a: 2, keep: { x: 1, y: [1] }, fresh: { z: 1 } })).toEqual({
    a: 2,
    keep: { y: [1] },
    gone: null,
    fresh: { z: 1 },
  });
  expect(mergePatch(before, structuredClone(before))).toEqual({});
});

test('two patches clash where they want different things of one field', () => {
  const mine = mergePatch(before, { a: 2, keep: { x: 2, y: [1, 2] }, gone: 'x' });
  expect(clashes(mine, mergePatch(before, { ...before, a: 2, keep: { x: 3, y: [9] } }))).toEqual(['keep.x']);
  expect(clashes(mine, mergePatch(before, { ...before, gone: 'y' }))).toEqual([]);
  expect(clashes(mine, mergePatch(before, { a: 1, gone: 'x' }))).toEqual(['keep']);
});

// JSON as manifests have it: without null, which a merge patch cannot set.
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const value = fc.letrec<{ values: Record<string, unknown>; any: unknown }>((tie) => ({
  values: fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), fc.string()), tie('any'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  any: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { maxLength: 3 }), tie('values')),
})).values;

test('the patch between two values makes one of the other', () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(patched(one, mergePatch(one, other))).toEqual(other);
      expect(mergePatch(other, structuredClone(other))).toEqual({});
    }),
    { seed: 7, numRuns: 300 },
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergePatch } from '../../kinds/merge-patch.ts';
import { mergeRules } from './merge-rules.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

type JsonObject = Record<string, unknown>;

const configMap = mergeRules({ apiVersion: 'v1', kind: 'ConfigMap' });
const namespace = mergeRules({ apiVersion: 'v1', kind: 'Namespace' });
const owners = {
  ownerReferences: [
    { uid: 'a', name: 'a' },
    { uid: 'b', name: 'b', controller: true },
  ],
};

test.each<[string, JsonObject, JsonObject, JsonObject]>([
  ['null removes', { data: { a: '1', b: '2' } }, { data: { a: '9', b: null, c: '3' } }, { data: { a: '9', c: '3' } }],
  [
    'null of what is not there',
    { data: {} },
    { data: { a: null }, more: { b: null, c: 1 } },
    { data: {}, more: { c: 1 } },
  ],
  ['lists are replaced', { rules: [1, 2] }, { rules: [3] }, { rules: [3] }],
  ['a map replaces', { data: { a: '1' } }, { data: { $patch: 'replace', only: '1' } }, { data: { only: '1' } }],
  ['a map is emptied', { data: { a: '1' } }, { data: { $patch: 'delete' } }, { data: {} }],
  ['a directive for what is not there', {}, { data: { $patch: 'explode' } }, { data: {} }],
  [
    'keys are retained',
    meta({ labels: { x: '1' } }),
    meta({ labels: { $retainKeys: ['y'], y: '2' } }),
    meta({ labels: { y: '2' } }),
  ],
  [
    'new finalizers go first',
    meta({ finalizers: ['a', 'b'] }),
    meta({ finalizers: ['c'] }),
    meta({ finalizers: ['c', 'a', 'b'] }),
  ],
  [
    'known finalizers stay',
    meta({ finalizers: ['a', 'b'] }),
    meta({ finalizers: ['b', 'a'] }),
    meta({ finalizers: ['b', 'a'] }),
  ],
  [
    'finalizers between',
    meta({ finalizers: ['a', 'b', 'c'] }),
    meta({ finalizers: ['c', 'x'] }),
    meta({ finalizers: ['a', 'b', 'c', 'x'] }),
  ],
  [
    'a finalizer is deleted',
    meta({ finalizers: ['c', 'a', 'b'] }),
    meta({ '$deleteFromPrimitiveList/finalizers': ['a'] }),
    meta({ finalizers: ['c', 'b'] }),
  ],
  ['nothing to delete from', meta({}), meta({ '$deleteFromPrimitiveList/finalizers': ['a'] }), meta({})],
  [
    'finalizers are ordered',
    meta({ finalizers: ['a', 'b', 'c'] }),
    meta({ '$setElementOrder/finalizers': ['c', 'x', 'a'], finalizers: ['x'] }),
    meta({ finalizers: ['b', 'c', 'x', 'a'] }),
  ],
  [
    'order alone',
    meta({ finalizers: ['a', 'b'] }),
    meta({ '$setElementOrder/finalizers': ['b', 'a'] }),
    meta({ finalizers: ['b', 'a'] }),
  ],
  [
    'owners merge by uid',
    meta(owners),
    meta({ ownerReferences: [{ uid: 'b', controller: null, name: 'c' }, { uid: 'd' }] }),
    meta({ ownerReferences: [{ uid: 'a', name: 'a' }, { uid: 'b', name: 'c' }, { uid: 'd' }] }),
  ],
  [
    'an owner is deleted',
    meta(owners),
    meta({ ownerReferences: [{ $patch: 'delete', uid: 'a' }] }),
    meta({ ownerReferences: [owners.ownerReferences[1]] }),
  ],
  [
    'owners are replaced',
    meta(owners),
    meta({ ownerReferences: [{ uid: 'd' }, { $patch: 'replace' }] }),
    meta({ ownerReferences: [{ uid: 'd' }] }),
  ],
  [
    'first owners',
    meta({}),
    meta({
      ownerReferences: [
        { uid: 'd', name: null },
        { $patch: 'delete', uid: 'e' },
      ],
    }),
    meta({ ownerReferences: [{ uid: 'd' }] }),
  ],
  [
    'owners are ordered',
    meta(owners),
    meta({ '$setElementOrder/ownerReferences': [{ uid: 'b' }, { uid: 'a' }] }),
    meta({ ownerReferences: [owners.ownerReferences[1], owners.ownerReferences[0]] }),
  ],
  ['data of that name is data', { data: {} }, { data: { $notes: 'x' } }, { data: {} }],
])('%s', (_, document, patch, result) => {
  const before = structuredClone(document);
  expect(strategicMergePatch(document, patch, configMap)).toEqual(result);
  expect(document).toEqual(before);
});

test('conditions of a namespace merge by type; those of others are replaced', () => {
  const document = { status: { conditions: [{ type: 'A', status: 'True' }] } };
  const patch = { status: { conditions: [{ type: 'B' }] } };
  expect(strategicMergePatch(document, patch, namespace)).toEqual({
    status: { conditions: [{ type: 'B' }, { type: 'A', status: 'True' }] },
  });
  expect(strategicMergePatch(document, patch, configMap)).toEqual(patch);
});

describe('refused', () => {
  test.each<[JsonObject, JsonObject]>([
    [{ data: { a: '1' } }, { data: { $patch: 'explode' } }],
    [{ data: { a: '1' } }, { data: { $patch: 5 } }],
    [{ data: { a: '1' } }, { data: { $retainKeys: 'a' } }],
    [{ data: { a: '1' } }, { data: { $retainKeys: ['a'], b: '1' } }],
    [meta(owners), meta({ ownerReferences: [{ name: 'x' }] })],
    [meta(owners), meta({ ownerReferences: ['x'] })],
    [meta(owners), meta({ ownerReferences: [{ $patch: 'explode', uid: 'a' }] })],
    [meta({ finalizers: ['a'] }), meta({ finalizers: [{ a: 1 }] })],
    [meta({ finalizers: ['a'] }), meta({ '$setElementOrder/finalizers': 'a' })],
    [meta({ finalizers: ['a'] }), meta({ '$setElementOrder/finalizers': ['b', 'c'], finalizers: ['c', 'b'] })],
    [meta({ finalizers: ['a'] }), meta({ '$setElementOrder/finalizers': ['b'], finalizers: ['c'] })],
    [meta({ finalizers: ['a'] }), meta({ '$deleteFromPrimitiveList/finalizers': 'a' })],
  ])('%j by %j', (document, patch) => {
    expect(() => strategicMergePatch(document, patch, configMap)).toThrow(
      expect.objectContaining({ name: 'DecodeError' }),
    );
  });
});

test('without directives and lists it is a merge patch', () => {
  const objects = fc.object({
    key: fc.constantFrom('a', 'b', '__proto__', 'constructor'),
    maxDepth: 3,
    values: [fc.nat(3), fc.constant(null), fc.string()],
  });
  fc.assert(
    fc.property(objects, objects, (document, patch) => {
      expect(strategicMergePatch(document as JsonObject, patch as JsonObject, configMap)).toEqual(
        mergePatch(document, patch),
      );
    }),
    { numRuns: 1000 },
  );
});

test('a set keeps every finalizer once, whatever the patch', () => {
  const sets = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'));
  fc.assert(
    fc.property(sets, sets, (current, sent) => {
      const { metadata } = strategicMergePatch(
        meta({ finalizers: current }),
        meta({ finalizers: sent }),
        configMap,
      ) as { metadata: { finalizers: string[] } };
      expect(metadata.finalizers.toSorted()).toEqual([...new Set([...current, ...sent])].toSorted());
      expect(metadata.finalizers.filter((each) => sent.includes(each))).toEqual(sent);
      expect(metadata.finalizers.filter((each) => !sent.includes(each))).toEqual(
        current.filter((each) => !sent.includes(each)),
      );
    }),
  );
});

function meta(metadata: JsonObject): JsonObject {
  return { metadata };
}

import { describe, expect, test } from 'vitest';
import type { Resource } from '../../kinds/object.ts';
import type { Schema } from '../../kinds/schema/schema.ts';
import { ownedObjects } from '../../test/support/owned-object.ts';
import { appliedFaults } from './applied-check.ts';
import { appliedSet } from './applied-set.ts';
import { compare } from './compare.ts';
import { normalElement, showElement } from './element.ts';
import { difference, intersection, pathsOf, union } from './field-set.ts';
import { capped, entryOf } from './managers.ts';
import { merge } from './merge.ts';
import { shapeOf } from './shape.ts';

const text = { type: 'string' } as const;
const port: Schema = {
  type: 'object',
  properties: { port: { type: 'integer' }, protocol: { ...text, default: 'TCP' }, name: text },
};
const schema: Schema = {
  type: 'object',
  properties: {
    a: text,
    count: { 'x-kubernetes-int-or-string': true },
    always: { type: 'object', properties: { x: text }, default: {} },
    inner: { type: 'object', properties: { x: text } },
    map: { type: 'object', additionalProperties: text },
    maps: { type: 'object', additionalProperties: { type: 'object', properties: { x: text } } },
    whole: { type: 'object', properties: { x: text, y: text }, 'x-kubernetes-map-type': 'atomic' },
    atomic: { type: 'array', items: { type: 'object', properties: { x: text } } },
    set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    ports: {
      type: 'array',
      items: port,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
    },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};
const shape = shapeOf({ schema });
const before = (content: object): Resource => content as Resource;
const tcp = 'k:{"port":80,"protocol":"TCP"}';

describe('what an update takes, and what it removes', () => {
  test.each<[string, object, object, object | undefined, object | undefined]>([
    ['nothing', { a: '1', map: { k: 'v' } }, { map: { k: 'v' }, a: '1' }, undefined, undefined],
    ['a leaf', { a: '1' }, { a: '2' }, { 'f:a': {} }, undefined],
    ['a new object', {}, { inner: { x: '1' } }, { 'f:inner': { '.': {}, 'f:x': {} } }, undefined],
    ['an object that is always there', {}, { always: { x: '1' } }, { 'f:always': { 'f:x': {} } }, undefined],
    ['an empty map', {}, { map: {} }, { 'f:map': {} }, undefined],
    [
      'a key of a map',
      { map: { a: '1', b: '1' } },
      { map: { b: '1', c: '1' } },
      { 'f:map': { 'f:c': {} } },
      { 'f:map': { 'f:a': {} } },
    ],
    ['a map that goes', { map: { a: '1' } }, {}, undefined, { 'f:map': { '.': {}, 'f:a': {} } }],
    ['an atomic object', { whole: { x: '1', y: '1' } }, { whole: { x: '1' } }, { 'f:whole': {} }, undefined],
    ['an atomic list', { atomic: [{ x: '1' }] }, { atomic: [{ x: '2' }] }, { 'f:atomic': {} }, undefined],
    [
      'a member of a set',
      { set: ['a', 'b'] },
      { set: ['b', 'c'] },
      { 'f:set': { 'v:"c"': {} } },
      { 'f:set': { 'v:"a"': {} } },
    ],
    ['the order of a set', { set: ['a', 'b'] }, { set: ['b', 'a'] }, undefined, undefined],
    [
      'an item by keys of which one is a default',
      { ports: [{ port: 80, name: 'x' }] },
      { ports: [{ port: 80, protocol: 'TCP', name: 'y' }] },
      { 'f:ports': { [tcp]: { 'f:name': {}, 'f:protocol': {} } } },
      undefined,
    ],
    [
      'a free object',
      { free: { a: { b: 1 } } },
      { free: { a: { b: 1, c: [1] } } },
      { 'f:free': { 'f:a': { 'f:c': {} } } },
      undefined,
    ],
    [
      'a free value of another form',
      { free: { a: 1 } },
      { free: { a: { b: 1 } } },
      { 'f:free': { 'f:a': { '.': {}, 'f:b': {} } } },
      undefined,
    ],
    [
      'metadata that identifies',
      { metadata: { name: 'a' } },
      { metadata: { name: 'b', uid: 'u' } },
      undefined,
      undefined,
    ],
  ])('%s', (_name, from, to, taken, removed) => {
    const found = compare(shape, before(from), to);
    expect({ taken: found.taken, removed: found.removed }).toEqual({ taken, removed });
  });
});

test('what an apply claims', () => {
  const applied = {
    a: null,
    inner: { x: '1' },
    map: { k: '1' },
    maps: { one: { x: '1' }, two: {} },
    set: [],
    ports: [{ port: 80 }],
    atomic: [{ x: '1' }],
    whole: { x: '1' },
  };
  expect(appliedSet(shape, applied)).toEqual({
    'f:a': {},
    'f:inner': { 'f:x': {} },
    'f:map': { 'f:k': {} },
    'f:maps': { 'f:one': { '.': {}, 'f:x': {} }, 'f:two': {} },
    'f:ports': { [tcp]: { '.': {}, 'f:port': {} } },
    'f:atomic': {},
    'f:whole': {},
  });
  expect(appliedSet(shape, { inner: {}, ports: [] })).toEqual({ 'f:inner': {} });
  expect(appliedSet(shape, { ports: [] })).toBeUndefined();
});

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['others stay', ['a', 'b'], ['c'], ['a', 'b', 'c']],
  ['applied order wins', ['a', 'b', 'c'], ['c', 'a'], ['b', 'c', 'a']],
  ['others keep their place', ['x', 'a', 'y', 'b', 'z'], ['a', 'n', 'b'], ['x', 'a', 'y', 'n', 'b', 'z']],
  ['the same', ['a', 'b'], ['a', 'b'], ['a', 'b']],
])('order of a merged list: %s', (_name, live, applied, expected) => {
  expect(merge(shape, { set: live }, { set: applied })).toEqual({ set: expected });
});

test('sets: union, difference, intersection, paths', () => {
  const a = { 'f:x': { '.': {}, 'f:y': {} }, 'f:z': {} };
  const b = { 'f:x': { 'f:y': {}, 'f:w': {} } };
  expect(union(a, b)).toEqual({ 'f:x': { '.': {}, 'f:y': {}, 'f:w': {} }, 'f:z': {} });
  expect(difference(a, b)).toEqual({ 'f:x': {}, 'f:z': {} });
  expect(difference(b, a)).toEqual({ 'f:x': { 'f:w': {} } });
  expect(difference(a, a)).toBeUndefined();
  expect(difference(a, { 'f:q': {} })).toBe(a);
  expect(intersection(a, b)).toEqual({ 'f:x': { 'f:y': {} } });
  expect(intersection(a, { 'f:x': {} })).toEqual({ 'f:x': {} });
  expect(pathsOf({ 'f:a': { '.': {}, [tcp]: { 'f:one/two': {} }, 'v:"x"': {} } })).toEqual([
    '.a',
    '.a[port=80,protocol="TCP"].one/two',
    '.a[="x"]',
  ]);
});

test('elements: one form, or none', () => {
  expect(normalElement('k:{"b": 1,"a":"x"}')).toBe('k:{"a":"x","b":1}');
  expect(normalElement('i:3')).toBe('i:3');
  for (const bad of ['', '.', 'x', 'q:a', 'k:[]', 'k:{', 'v:', 'i:x']) expect(normalElement(bad)).toBeUndefined();
  expect(showElement('i:3')).toBe('[3]');
});

test('what cannot be applied', () => {
  const ports = [{ name: 'x' }, { port: 80 }, { port: 80, protocol: 'TCP' }, 'x'];
  expect(
    appliedFaults(shape, { a: 1, inner: [], map: 'x', set: {}, atomic: [{ y: 1 }], count: {}, ports, more: 1 }),
  ).toEqual([
    '.a: expected string, got number',
    '.inner: expected map, got list',
    '.map: expected map, got string',
    '.set: expected list, got map',
    '.atomic[0].y: field not declared in schema',
    '.count: expected scalar, got map',
    `.ports: element 0: associative list with keys has an element that omits key field "port" (and doesn't have default value)`,
    '.ports: duplicate entries for key [port=80,protocol="TCP"]',
    `.ports: element 3: associative list with keys has an element that omits key field "port" (and doesn't have default value)`,
    '.more: field not declared in schema',
  ]);
  let deep: unknown = 1;
  for (let n = 0; n < 5000; n += 1) deep = { x: deep };
  expect(appliedFaults(shape, { free: deep })).toEqual([expect.stringContaining('nested too deeply')]);
});

test('the oldest updates are merged, by version', () => {
  const entries = Array.from({ length: 13 }, (_, n) =>
    entryOf(
      { manager: `m${n}`, operation: 'Update', apiVersion: n === 0 ? 'old/v1' : 'v1' },
      { [`f:${n}`]: {} },
      `2024-01-01T00:00:${String(n).padStart(2, '0')}Z`,
    ),
  );
  const bounded = capped(entries);
  expect(bounded).toHaveLength(10);
  expect(bounded.find(({ manager }) => manager === 'ancient-changes')).toMatchObject({
    apiVersion: 'v1',
    time: '2024-01-01T00:00:04Z',
    fieldsV1: { 'f:1': {}, 'f:2': {}, 'f:3': {}, 'f:4': {} },
  });
  expect(bounded.find(({ apiVersion }) => apiVersion === 'old/v1')?.manager).toBe('m0');
  expect(capped(entries.slice(0, 10))).toHaveLength(10);
});

test('a conflict is with each manager that holds the field', () => {
  const { apply, update, conflicts } = ownedObjects({ schema });
  const live = apply(update(undefined, 'u', { a: '1' }), 'm', { a: '1', map: { k: '1' } });
  const held = conflicts(live, 'n', { a: '2', map: { k: '1', l: '1' } });
  expect(held.map(({ id, fields }) => [id.manager, fields])).toEqual([
    ['m', { 'f:a': {} }],
    ['u', { 'f:a': {} }],
  ]);
  expect(conflicts(live, 'n', { a: '1' })).toEqual([]);
});

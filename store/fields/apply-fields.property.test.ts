import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../../kinds/schema/schema.ts';
import { canonical } from '../../kinds/schema/json.ts';
import { type Owned, ownedObjects } from '../../test/support/owned-object.ts';
import { appliedSet } from './applied-set.ts';
import { difference, type Fields, union } from './field-set.ts';
import { fieldsOf } from './managers.ts';
import { shapeOf } from './shape.ts';
import { whole } from './whole.ts';

const text = { type: 'string' } as const;
const item: Schema = {
  type: 'object',
  properties: { name: text, x: text, y: text, tags: { type: 'object', additionalProperties: text } },
};
const schema: Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        a: text,
        b: text,
        map: { type: 'object', additionalProperties: text },
        set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
        list: {
          type: 'array',
          items: item,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
        atomic: { type: 'array', items: text },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  },
};
const shape = shapeOf({ schema });
const { apply, update } = ownedObjects({ schema });

/** Contents whose maps, sets and lists use keys with a prefix. */
function contents(prefix: string, scalars: readonly string[] = ['a', 'b', 'atomic']): fc.Arbitrary<object> {
  const value = fc.constantFrom('1', '2', '3');
  const key = fc.constantFrom('p', 'q', 'r').map((each) => prefix + each);
  const map = fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 });
  const items = fc.uniqueArray(fc.record({ name: key, x: value, y: value, tags: map }, { requiredKeys: ['name'] }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 3,
  });
  const all = {
    a: value,
    b: value,
    map,
    set: fc.uniqueArray(key, { minLength: 1, maxLength: 3 }),
    list: items,
    atomic: fc.array(value, { minLength: 1, maxLength: 2 }),
    free: fc.dictionary(key, fc.oneof(value, map), { minKeys: 1, maxKeys: 2 }),
  };
  const own = Object.fromEntries(
    Object.entries(all).filter(([name]) => scalars.includes(name) || !['a', 'b', 'atomic'].includes(name)),
  );
  return fc.record(own, { requiredKeys: [] }).map((spec) => (Object.keys(spec).length === 0 ? {} : { spec }));
}

/** The object with lists in one order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered).toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ordered(each)]));
}

const ownedBy = ({ entries }: Owned): Record<string, unknown> =>
  Object.fromEntries(entries.map(({ manager, operation, fieldsV1 }) => [`${manager} ${operation}`, fieldsV1]));

test('applying twice changes nothing, times included', () => {
  fc.assert(
    fc.property(contents(''), contents(''), contents(''), (base, other, mine) => {
      const live = apply(update(undefined, 'base', base), 'other', other, { force: true });
      const once = apply(live, 'me', mine, { force: true, now: '2024-01-01T00:00:01Z' });
      const twice = apply(once, 'me', mine, { now: '2024-01-01T00:00:02Z' });
      expect(twice).toEqual(once);
    }),
  );
});

test('managers of different fields come to the same, whoever is first', () => {
  fc.assert(
    fc.property(contents('', []), contents('one-', ['a']), contents('two-', ['b', 'atomic']), (base, one, two) => {
      const live = update(undefined, 'base', base);
      const ab = apply(apply(live, 'one', one), 'two', two);
      const ba = apply(apply(live, 'two', two), 'one', one);
      expect(ordered(ab.object)).toEqual(ordered(ba.object));
      expect(ownedBy(ab)).toEqual(ownedBy(ba));
    }),
  );
});

test('what I leave out goes, exactly where I alone owned it', () => {
  fc.assert(
    fc.property(contents(''), contents(''), (mine, other) => {
      const both = apply(apply(undefined, 'me', mine), 'other', other, { force: true });
      const left = apply(both, 'me', {});
      const alone = apply(undefined, 'other', other);
      expect(ordered(left.object)).toEqual(ordered(alone.object));
      expect(ownedBy(left)).toEqual(ownedBy(alone));
    }),
  );
});

test('every field has an owner and every owned field is there, after any writes', () => {
  const step = fc.record({
    verb: fc.constantFrom('apply', 'update'),
    manager: fc.constantFrom('one', 'two'),
    content: contents(''),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      let live = update(undefined, 'base', { spec: { a: '0' } });
      for (const { verb, manager, content } of steps) {
        live = verb === 'apply' ? apply(live, manager, content, { force: true }) : update(live, manager, content);
      }
      const owned = live.entries.reduce<Fields | undefined>((all, entry) => union(all, fieldsOf(entry)), undefined);
      expect(difference(appliedSet(shape, live.object), owned)).toBeUndefined();
      expect(difference(owned, whole(shape, live.object))).toBeUndefined();
    }),
  );
});

test('an update takes what it changes away from everybody else', () => {
  fc.assert(
    fc.property(contents(''), contents(''), contents(''), (one, two, next) => {
      const live = apply(apply(undefined, 'one', one), 'two', two, { force: true });
      const after = update(live, 'editor', next);
      const edited = after.entries.find(({ manager }) => manager === 'editor');
      for (const entry of after.entries) {
        if (entry === edited || edited === undefined) continue;
        expect(difference(fieldsOf(entry), fieldsOf(edited))).toEqual(fieldsOf(entry));
      }
    }),
  );
});

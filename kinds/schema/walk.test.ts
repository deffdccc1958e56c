import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtInRegistry } from '../registry.ts';
import { check } from './compile.ts';
import { effective } from './effective.ts';
import { isObject } from './json.ts';
import type { Json, Schema } from './schema.ts';

const kinds = builtInRegistry().all();
const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('', 'a', -1, 1.5, null)) as fc.Arbitrary<Json>;

/** Values near a schema: mostly what it asks for, with junk, gaps and unknown fields between. */
function near(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fitting(schema) }, { weight: 1, arbitrary: junk });
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === undefined) return junk;
  switch (schema.type) {
    case 'object': {
      const known = fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, near(field)])),
        { requiredKeys: [] },
      );
      const free = fc.dictionary(
        fc.string({ maxLength: 4 }),
        schema.additionalProperties ? near(schema.additionalProperties) : junk,
        { maxKeys: 2 },
      );
      return fc.tuple(known, free).map(([fields, more]) => ({ ...more, ...fields }));
    }
    case 'array':
      return fc.array(near(schema.items ?? {}), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.integer({ min: -5, max: 70_000 });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('10.0.0.0/8', '2026-01-01T00:00:00Z', 'a-b'));
  }
}

describe.each(kinds.map((kind) => [kind.id, kind.schema] as const))('%s', (_id, schema) => {
  const value = near(schema);

  test('what was pruned and given its defaults stays as it is', () => {
    fc.assert(
      fc.property(value, (sent) => {
        const before = structuredClone(sent);
        const first = check(schema, sent);
        expect(sent).toEqual(before);
        const second = check(schema, first.value);
        expect(second.value).toEqual(first.value);
        expect(second.unknown).toEqual([]);
        expect(second.problems).toEqual(first.problems);
      }),
      { numRuns: 60 },
    );
  });

  test('what readers see changes no more when they look again, and nothing that was set', () => {
    fc.assert(
      fc.property(value, (sent) => {
        const before = structuredClone(sent);
        const seen = effective(schema, sent);
        expect(sent).toEqual(before);
        expect(effective(schema, seen)).toBe(seen);
        if (isObject(sent)) expect(seen).toMatchObject(sent);
      }),
      { numRuns: 60 },
    );
  });
});

describe('walk', () => {
  const free: Schema = {
    type: 'object',
    properties: { a: { type: 'object', additionalProperties: { type: 'string' } } },
  };

  test('no key reaches a prototype', () => {
    const sent = JSON.parse(
      '{"__proto__":{"polluted":"1"},"constructor":{"x":1},"a":{"__proto__":"kept","b":"c"}}',
    ) as unknown;
    const { value, unknown } = check(free, sent);
    expect(unknown).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(value)).toBe('{"a":{"__proto__":"kept","b":"c"}}');
    expect(Object.getPrototypeOf((value as { a: object }).a)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('a field named like an inherited one is not there unless it is set', () => {
    const schema: Schema = {
      type: 'object',
      properties: Object.fromEntries([['constructor', { type: 'string' as const }]]),
      required: ['constructor'],
    };
    expect(check(schema, {}).problems).toMatchObject([{ path: 'constructor', reason: 'FieldValueRequired' }]);
  });

  test('what a schema keeps unknown is copied, not shared', () => {
    const schema: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
    const sent = { deep: [1] };
    const { value } = check(schema, sent);
    expect(value).toEqual(sent);
    expect((value as typeof sent).deep).not.toBe(sent.deep);
  });

  test('findings are bounded', () => {
    const schema: Schema = { type: 'array', items: { type: 'string' } };
    expect(
      check(
        schema,
        Array.from({ length: 5000 }, () => 1),
      ).problems,
    ).toHaveLength(100);
  });

  test.each([
    ['2026-01-01T00:00:00Z', true],
    ['2026-01-01T00:00:00.123456+02:00', true],
    ['2024-02-29T23:59:59Z', true],
    ['2026-02-29T00:00:00Z', false],
    ['2026-01-01T24:00:00Z', false],
    ['2026-13-01T00:00:00Z', false],
    ['2026-01-01', false],
  ])('time %s: %s', (text, fits) => {
    expect(check({ type: 'string', format: 'date-time' }, text).problems.length === 0).toBe(fits);
  });
});

describe('effective', () => {
  const [network, workload] = ['Network', 'Workload'].map((id) => kinds.find((kind) => kind.id === id)?.schema ?? {});

  test('gives defaults that are not stored, where their parent is there', () => {
    expect(effective(network ?? {}, { spec: { ipam: { mode: 'Auto' } } })).toEqual({
      spec: { ipam: { mode: 'Auto', ipv4Range: '10.128.0.0/9' }, ipv6Access: 'Internal' },
    });
    expect(effective(workload ?? {}, { spec: { updateStrategy: { rollingUpdate: {} } } })).toEqual({
      spec: {
        updateStrategy: {
          type: 'RollingUpdate',
          progressDeadlineSeconds: 600,
          rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 0 },
        },
      },
    });
  });

  test('shares what needs none', () => {
    const object = { spec: { placements: [{ name: 'a' }] } };
    expect(effective(workload ?? {}, object)).toBe(object);
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { setOwn } from '../../kinds/schema/json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { encodeProtobuf } from './encode-protobuf.ts';
import { closeEnvelope } from './envelope.ts';
import { messagePlan, type FieldPlan, type MessagePlan } from './message-plan.ts';
import { everywhere, messageName, topLevel, typeMeta } from './top-level.ts';

// The encoder of the library is another one than ours: what both write must be read as what it was made of.
const root = protobuf.Root.fromJSON(
  JSON.parse(readFileSync(new URL('generated/messages.json', import.meta.url), 'utf8')) as protobuf.INamespace,
);

const all = [
  ...[...topLevel].flatMap(([apiVersion, { kinds }]) => kinds.map((kind) => [apiVersion, kind] as const)),
  ...everywhere.kinds.map((kind) => ['meta.k8s.io/v1', kind] as const),
];

describe.each(all)('%s %s', (apiVersion, kind) => {
  // The list above is made of those that have a name.
  const name = messageName(apiVersion, kind)!;
  const plan = messagePlan(name);
  const objects = objectOf(plan).map((fields) => ({ ...fields, apiVersion, kind }));

  test('as the library encodes it', () => {
    fc.assert(
      fc.property(objects, (object) => {
        const type = root.lookupType(typeMeta).encode({ apiVersion, kind }).finish();
        const raw = root.lookupType(name).encode(wireObject(plan, object)).finish();
        expect(decodeProtobuf(closeEnvelope(type, raw))).toEqual(object);
      }),
      { numRuns: 40 },
    );
  });

  test('as we encode it', () => {
    fc.assert(
      fc.property(objects, (object) => {
        expect(decodeProtobuf(encodeProtobuf(object))).toEqual(object);
      }),
      { numRuns: 40 },
    );
  });
});

test('a kind without protobuf form is not encoded', () => {
  expect(() => encodeProtobuf({ apiVersion: 'v1', kind: 'Pod' })).toThrow('Pod has no protobuf form');
});

/** Objects as they come out of decoding: without zero values of what is no pointer. */
function objectOf(plan: MessagePlan): fc.Arbitrary<Record<string, unknown>> {
  const fields = plan.filter((field) => field !== undefined);
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, fieldOf(field)])), { requiredKeys: [] });
}

function fieldOf(field: FieldPlan): fc.Arbitrary<unknown> {
  switch (field.rule) {
    case 'one':
      return field.pointer ? valueOf(field) : valueOf(field).filter(says);
    case 'many':
      return fc.array(valueOf(field), { minLength: 1, maxLength: 3 });
    case 'map':
      return fc
        .dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '')), valueOf(field), {
          minKeys: 1,
          maxKeys: 3,
        })
        .map((map) => ({ ...map }));
    default:
      throw new Error(`No such rule: ${String(field.rule satisfies never)}`);
  }
}

function says(value: unknown): boolean {
  return typeof value === 'object' ? Object.keys(value ?? {}).length > 0 : Boolean(value);
}

function valueOf({ form, message = [] }: FieldPlan): fc.Arbitrary<unknown> {
  const text = fc.string({ unit: 'grapheme' });
  switch (form) {
    case 'string':
      return text;
    case 'bool':
      return fc.boolean();
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.maxSafeInteger();
    case 'bytes':
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    case 'time':
      return fc.integer({ min: 1, max: 253_402_300_799 }).map((secs) => timeOf(secs, ''));
    case 'microTime':
      return fc
        .tuple(fc.integer({ min: -62_135_596_800, max: -1 }), fc.nat(999_999))
        .map(([secs, micros]) => timeOf(secs, `.${String(micros).padStart(6, '0')}`));
    case 'json':
      return fc.dictionary(fc.string(), fc.constant({})).map((fields) => ({ ...fields }));
    case 'list':
      return fc.array(text, { maxLength: 3 });
    case 'quantity':
      return fc.nat().map((amount) => `${amount}Mi`);
    case 'message':
      return objectOf(message);
    default:
      throw new Error(`No such form: ${String(form satisfies never)}`);
  }
}

function timeOf(secs: number, fraction: string): string {
  return `${new Date(secs * 1000).toISOString().slice(0, 19)}${fraction}Z`;
}

/** The object in the form that the library encodes. */
function wireObject(plan: MessagePlan, object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    plan.flatMap((field) =>
      field === undefined || !Object.hasOwn(object, field.name)
        ? []
        : [[field.name, wireField(field, object[field.name])]],
    ),
  );
}

function wireField(field: FieldPlan, value: unknown): unknown {
  if (field.rule === 'many') return (value as unknown[]).map((item) => wireValue(field, item));
  if (field.rule === 'one') return wireValue(field, value);
  const map: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value as object)) setOwn(map, key, wireValue(field, item));
  return map;
}

function wireValue({ form, message = [] }: FieldPlan, value: unknown): unknown {
  switch (form) {
    case 'bytes':
      return Buffer.from(String(value), 'base64');
    case 'time':
    case 'microTime': {
      const text = String(value);
      return {
        seconds: Math.floor(Date.parse(text) / 1000),
        nanos: Number(/\.(\d{6})/.exec(text)?.[1] ?? 0) * 1000,
      };
    }
    case 'json':
      return { Raw: Buffer.from(JSON.stringify(value)) };
    case 'list':
      return { items: value };
    case 'quantity':
      return { string: value };
    case 'message':
      return wireObject(message, value as Record<string, unknown>);
    default:
      return value;
  }
}

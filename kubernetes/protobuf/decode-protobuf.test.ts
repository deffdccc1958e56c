import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../kinds/schema/json.ts';
import { ApiError } from '../status/status.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { fixtures } from './fixtures.ts';

// What a real Kubernetes API server answered to such bodies. It lies beside the repository, not in it.
const golden = new URL('../../../shared/golden/kubernetes/cases/protobuf.json', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden protobuf bodies skipped: ../shared/golden/kubernetes is not beside the repository');

interface Case {
  readonly id: string;
  readonly base64?: string;
  readonly answer: { readonly status: number; readonly body: Readonly<Record<string, unknown>> };
}

const cases = present ? (JSON.parse(readFileSync(golden, 'utf8')) as { cases: Case[] }).cases : [];
const bodies = cases.flatMap(({ id, base64, answer }) =>
  base64 === undefined ? [] : [{ id, bytes: Buffer.from(base64, 'base64'), answer }],
);

describe('bodies of kubectl', () => {
  test.each(fixtures.map(({ hex, object }) => [String(object['kind']), hex, object] as const))(
    '%s',
    (_kind, hex, object) => {
      expect(decodeProtobuf(Buffer.from(hex, 'hex'))).toEqual(object);
    },
  );
});

describe.skipIf(!present)('golden bodies', () => {
  test.each(bodies.filter(({ answer }) => answer.status === 201).map((each) => [each.id, each] as const))(
    'what %s says is what was stored',
    (id, { bytes, answer }) => {
      const { stringData, metadata, ...decoded } = decodeProtobuf(bytes);
      // A server answers a review of rules without what was asked.
      if (id === 'self-subject-rules-review') delete decoded['spec'];
      expect(answer.body).toMatchObject(decoded);
      if (answer.body['metadata']) expect(answer.body['metadata']).toMatchObject(metadata ?? {});
      // Nothing that the client sent was lost: what else the answer has is empty, or the server's own.
      const more = Object.entries(answer.body).filter(([key, value]) => !(key in decoded) && says(value));
      expect(more.map(([key]) => key).filter((key) => !['metadata', 'status', 'spec'].includes(key))).toEqual(
        answer.body['kind'] === 'Secret' && decoded['data'] === undefined ? ['data'] : [],
      );
      if (answer.body['kind'] === 'Secret') expect(stringData).toEqual({ s: 'text' });
    },
  );

  test('options of a delete keep what was set', () => {
    const decoded = (id: string) => decodeProtobuf(bodies.find((body) => body.id === id)?.bytes ?? Buffer.alloc(0));
    expect(decoded('delete-precondition')).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      preconditions: { uid: '11111111-2222-3333-4444-555555555555' },
      propagationPolicy: 'Background',
    });
    expect(decoded('delete-dry-run')).toMatchObject({ propagationPolicy: 'Foreground', dryRun: ['All'] });
  });

  test.each(['truncated', 'no-magic'])('%s is refused', (id) => {
    const body = bodies.find((each) => each.id === id);
    expect(refusal(body?.bytes ?? Buffer.from('missing'))).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(body).toBeDefined();
  });
});

describe('hostile bytes', () => {
  const valid = fixtures.map(({ hex }) => Buffer.from(hex, 'hex'));

  test('anything mutated is an object or a refusal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...valid),
        fc.array(mutation(), { minLength: 1, maxLength: 6 }),
        (bytes, mutations) => {
          const text = refusal(mutations.reduce<Buffer>((mutated, mutate) => mutate(mutated), bytes));
          expect(text === undefined || text.code === 400).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['magic alone', Buffer.from('k8s\0')],
    ['a length beyond the end', Buffer.from('6b387300 0a ffffffff07'.replaceAll(' ', ''), 'hex')],
    ['a length of 64 bits', Buffer.from('6b387300 12 ffffffffffffffffff01'.replaceAll(' ', ''), 'hex')],
    ['groups in groups', Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(1_000_000, 0x2b)])],
    ['an unknown kind', enveloped('v1', 'Pod', '')],
    ['a kind named like a property of all objects', enveloped('v1', 'constructor', '')],
    ['a kind of another group', enveloped('coordination.k8s.io/v1', 'Secret', '')],
    ['a number where text belongs', enveloped('v1', 'ConfigMap', '0a020801')],
    ['a message that reaches beyond its own', enveloped('v1', 'ConfigMap', '0a020a7f')],
    ['a time beyond all calendars', enveloped('v1', 'ConfigMap', '0a0c420a08ffffffffffffffff7f')],
  ])('%s is refused', (_name, bytes) => {
    expect(refusal(bytes)).toMatchObject({ code: 400, reason: 'BadRequest' });
  });

  test('managed fields that are no JSON object, or nested without end, are refused', () => {
    for (const json of ['[]', 'null', '{"a":', `${'{"a":'.repeat(200)}{}${'}'.repeat(200)}`]) {
      const raw = field(1, Buffer.from(json));
      const entry = field(17, field(7, raw));
      const body = Buffer.concat([field(1, entry)]).toString('hex');
      expect(refusal(enveloped('v1', 'ConfigMap', body)), json.slice(0, 20)).toMatchObject({ code: 400 });
    }
  });

  test('keys of maps are data whatever they are', () => {
    const entry = field(2, Buffer.concat([field(1, Buffer.from('__proto__')), field(2, Buffer.from('x'))]));
    const { data } = decodeProtobuf(enveloped('v1', 'ConfigMap', entry.toString('hex')));
    expect(Object.keys(data as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('three megabytes of empty items take no more than a moment', () => {
    const started = performance.now();
    const { rules } = decodeProtobuf(enveloped('rbac.authorization.k8s.io/v1', 'Role', '1200'.repeat(1_500_000)));
    expect(rules).toHaveLength(1_500_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test('a field that comes twice counts once: the last value, and messages merged', () => {
  const name = (text: string) => field(1, field(1, Buffer.from(text)));
  const label = field(1, field(11, Buffer.concat([field(1, Buffer.from('a')), field(2, Buffer.from('b'))])));
  const body = Buffer.concat([name('first'), label, name('second')]).toString('hex');
  expect(decodeProtobuf(enveloped('v1', 'ConfigMap', body))['metadata']).toEqual({
    name: 'second',
    labels: { a: 'b' },
  });
  expect(
    decodeProtobuf(enveloped('v1', 'ConfigMap', Buffer.concat([name('first'), name('')]).toString('hex'))),
  ).not.toHaveProperty('metadata.name');
});

function says(value: unknown): boolean {
  return value !== null && value !== '' && !(isObject(value) && Object.keys(value).length === 0);
}

function refusal(bytes: Buffer): ApiError['status'] | undefined {
  try {
    decodeProtobuf(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

function field(id: number, content: Buffer): Buffer {
  const varint: number[] = [];
  for (const start of [(id << 3) | 2, content.length]) {
    let rest = start;
    for (; rest > 127; rest >>>= 7) varint.push((rest & 127) | 128);
    varint.push(rest);
  }
  return Buffer.concat([Buffer.from(varint), content]);
}

function enveloped(apiVersion: string, kind: string, hex: string): Buffer {
  const type = Buffer.concat([field(1, Buffer.from(apiVersion)), field(2, Buffer.from(kind))]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, type), field(2, Buffer.from(hex, 'hex'))]);
}

function mutation(): fc.Arbitrary<(bytes: Buffer) => Buffer> {
  return fc
    .tuple(fc.nat(400), fc.uint8Array({ maxLength: 12 }), fc.constantFrom('cut', 'write', 'insert', 'remove'))
    .map(([at, content, how]) => (bytes) => {
      const start = at % (bytes.length + 1);
      const head = bytes.subarray(0, start);
      if (how === 'cut') return head;
      if (how === 'insert') return Buffer.concat([head, content, bytes.subarray(start)]);
      if (how === 'remove') return Buffer.concat([head, bytes.subarray(start + content.length)]);
      return Buffer.concat([head, content, bytes.subarray(start + content.length)]);
    });
}

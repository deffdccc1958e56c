import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operationFindings, operationsOf, type JsonOperation } from './json-operations.ts';
import { jsonPatch } from './json-patch.ts';

describe('operations', () => {
  test.each<[unknown, JsonOperation[], unknown]>([
    [{ a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 2] }, [{ op: 'add', path: '/a/1', value: 9 }], { a: [1, 9, 2] }],
    [{ a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    [{ a: [] }, [{ op: 'add', path: '/a/0', value: 2 }], { a: [2] }],
    [
      { 'e/f~g': 1, '': 2 },
      [
        { op: 'remove', path: '/e~1f~0g' },
        { op: 'replace', path: '/', value: 3 },
      ],
      { '': 3 },
    ],
    [{ '~1': 1 }, [{ op: 'remove', path: '/~01' }], {}],
    [{ a: 1 }, [{ op: 'replace', path: '/b', value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 9 }], { a: [9, 2] }],
    [{ a: 1 }, [{ op: 'replace', path: '', value: { b: 1 } }], { b: 1 }],
    [{ a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
    [{ a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    [{ a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
    [{ a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
    [
      { a: { b: [1] } },
      [
        { op: 'copy', from: '/a', path: '/c' },
        { op: 'add', path: '/c/b/-', value: 2 },
        { op: 'remove', path: '/a/b/0' },
      ],
      { a: { b: [] }, c: { b: [1, 2] } },
    ],
    [
      { a: { b: 1 } },
      [
        { op: 'test', path: '/a', value: { b: 1 } },
        { op: 'test', path: '/x', value: null },
        { op: 'test', path: '', value: { a: { b: 1 } } },
      ],
      { a: { b: 1 } },
    ],
    [{ a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
  ])('%j by %j is %j', (document, operations, result) => {
    const before = structuredClone(document);
    const sent = structuredClone(operations);
    expect(jsonPatch(document, operations)).toEqual(result);
    expect(document).toEqual(before);
    expect(operations).toEqual(sent);
  });

  test.each<[unknown, unknown]>([
    [{}, { op: 'remove', path: '/a' }],
    [{}, { op: 'remove', path: '' }],
    [{}, { op: 'add', path: '/a/b', value: 1 }],
    [{ a: 'text' }, { op: 'add', path: '/a/0', value: 1 }],
    [{ a: [1] }, { op: 'add', path: '/a/2', value: 1 }],
    [{ a: [1] }, { op: 'add', path: '/a/01', value: 1 }],
    [{ a: [1] }, { op: 'add', path: '/a/-1', value: 1 }],
    [{ a: [1] }, { op: 'add', path: '/a/1e0', value: 1 }],
    [{ a: [1] }, { op: 'add', path: '/a/length', value: 1 }],
    [{ a: [1] }, { op: 'replace', path: '/a/1', value: 1 }],
    [{ a: [1] }, { op: 'replace', path: '/a/-', value: 1 }],
    [{ a: [1] }, { op: 'remove', path: '/a/-' }],
    [{ a: [] }, { op: 'test', path: '/a/b/c', value: null }],
    [{ a: 1 }, { op: 'test', path: '/a', value: 2 }],
    [{ a: 1 }, { op: 'test', path: '/a', value: '1' }],
    [{ a: 1 }, { op: 'add', path: '/b' }],
    [{ a: 1 }, { op: 'add', path: 'b', value: 1 }],
    [{ a: 1 }, { op: 'add', path: '/~2', value: 1 }],
    [{ a: 1 }, { op: 'add', value: 1 }],
    [{ a: 1 }, { op: 'add', path: 5, value: 1 }],
    [{ a: 1 }, { op: 'copy', path: '/b' }],
    [{ a: {} }, { op: 'move', from: '/a', path: '/a/b' }],
    [{ a: {} }, { op: 'frob', path: '/a' }],
    [{ a: {} }, { path: '/a' }],
    [{}, { op: 'add', path: '/__proto__/polluted', value: 1 }],
    [{}, { op: 'add', path: '/constructor/prototype/polluted', value: 1 }],
    [{}, { op: 'copy', from: '/toString', path: '/a' }],
    [{ a: [] }, { op: 'remove', path: '/a/0' }],
  ])('%j is not changed by %j', (document, operation) => {
    expect(() => jsonPatch(document, [operation as JsonOperation])).toThrow(
      expect.objectContaining({ name: 'DecodeError' }),
    );
  });

  test('as one who copies the whole document for every operation does them', () => {
    fc.assert(
      fc.property(documents, fc.array(operations, { maxLength: 8 }), (document, all) => {
        const before = structuredClone(document);
        expect(outcome(() => jsonPatch(document, all))).toEqual(outcome(() => all.reduce(naively, document)));
        expect(document).toEqual(before);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile patches', () => {
  test('__proto__ is a member like others', () => {
    const patched = jsonPatch({ a: 1 }, [
      { op: 'add', path: '/__proto__', value: { polluted: 1 } },
      { op: 'add', path: '/__proto__/more', value: 2 },
    ]);
    expect(JSON.stringify(patched)).toBe('{"a":1,"__proto__":{"polluted":1,"more":2}}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('copies that double the document each time end soon', () => {
    const all = Array.from({ length: 60 }, (_, index) => ({ op: 'copy', from: '/a', path: `/a/k${index}` }));
    expect(() => jsonPatch({ a: { text: 'x'.repeat(100) } }, all)).toThrow('copies take too much');
  });

  test('insertions into a huge list end soon', () => {
    const value = Array.from({ length: 1_000_000 }, () => 0);
    const all = [
      { op: 'add', path: '/a', value },
      ...Array.from({ length: 9_000 }, () => ({ op: 'add', path: '/a/0', value: 1 })),
    ];
    expect(() => jsonPatch({}, all)).toThrow('moved about too much');
  });

  test('ten thousand operations are done, one more is too many', () => {
    const all = Array.from({ length: 10_000 }, (_, index) => ({ op: 'add', path: `/k${index}`, value: index }));
    expect(Object.keys(jsonPatch({}, operationsOf(all)) as object)).toHaveLength(10_000);
    expect(() => operationsOf([...all, all[0]])).toThrow(
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    );
  });

  test.each([[{ op: 'add' }], [null], ['x'], [[5]], [[[]]]])('%j is no list of operations', (body) => {
    expect(() => operationsOf(body)).toThrow(expect.objectContaining({ name: 'DecodeError' }));
  });

  test('members that mean nothing are findings', () => {
    expect(operationFindings([{ op: 'add' }, { op: 'test', note: 1 } as JsonOperation])).toEqual([
      'json patch unknown field "[1].note"',
    ]);
  });
});

const documents = fc.object({
  key: fc.constantFrom('a', 'b', 'c'),
  maxDepth: 3,
  maxKeys: 3,
  values: [fc.nat(3), fc.constant(null), fc.array(fc.nat(2), { maxLength: 3 })],
});
const paths = fc
  .array(fc.constantFrom('a', 'b', 'c', '0', '1', '-'), { maxLength: 3 })
  .map((path) => path.map((segment) => `/${segment}`).join(''));
const operations = fc.record<JsonOperation>({
  op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
  path: paths,
  from: paths,
  value: fc.oneof(fc.nat(3), fc.constant(null), documents, fc.array(fc.nat(2), { maxLength: 2 })),
});

function outcome(run: () => unknown): unknown {
  try {
    return { result: run() };
  } catch {
    return 'refused';
  }
}

/** An independent reading of RFC 6902 with the two liberties. */
function naively(document: unknown, { op, path, from, value }: JsonOperation): unknown {
  const copy: { root: unknown } = structuredClone({ root: document });
  const at = (pointer: unknown) => ['root', ...String(pointer).split('/').slice(1)];
  const holder = (segments: string[]): [Record<string, unknown> | unknown[], string] => {
    let container: unknown = copy;
    for (const segment of segments.slice(0, -1)) container = get(container, segment);
    if (typeof container !== 'object' || container === null) throw new Error('no container');
    return [container as Record<string, unknown>, segments.at(-1) ?? ''];
  };
  const get = (container: unknown, key: string): unknown => {
    if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key))
      throw new Error('missing');
    return (container as Record<string, unknown>)[key];
  };
  const add = (pointer: unknown, added: unknown): void => {
    const [container, key] = holder(at(pointer));
    if (!Array.isArray(container)) container[key] = added;
    else if (key === '-') container.push(added);
    else if (/^\d$/.test(key) && Number(key) <= container.length) container.splice(Number(key), 0, added);
    else throw new Error('no place');
  };
  const remove = (pointer: unknown): unknown => {
    const [container, key] = holder(at(pointer));
    const taken = get(container, key);
    if (container === copy) throw new Error('the whole');
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
    return taken;
  };
  switch (op) {
    case 'add':
      add(path, structuredClone(value));
      break;
    case 'remove':
      remove(path);
      break;
    case 'replace': {
      const [container, key] = holder(at(path));
      if (Array.isArray(container)) get(container, key);
      (container as Record<string, unknown>)[key] = structuredClone(value);
      break;
    }
    case 'move':
      if (String(path).startsWith(`${String(from)}/`)) throw new Error('into itself');
      add(path, remove(from));
      break;
    case 'copy': {
      const [container, key] = holder(at(from));
      add(path, structuredClone(get(container, key)));
      break;
    }
    default: {
      const [container, key] = holder(at(path));
      const current = Object.hasOwn(container, key) ? get(container, key) : null;
      expect(current).toEqual(value);
    }
  }
  return copy.root;
}

import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { expect, it } from 'vitest';
import { testScale, testSeed } from '../test/support/scale.ts';
import { testStore } from '../test/support/store.ts';
import { compact } from './compact.ts';
import { textArray } from './text-array.ts';

/** What the functions of a batch should come to, row by row. */
interface State {
  readonly objects: Map<string, Stored>;
  /** Hash of the input by idempotency key. */
  readonly keys: Map<string, string>;
  readonly uids: Map<string, string>;
  floor: bigint;
}

interface Stored {
  readonly uid: string;
  readonly revision: bigint;
  readonly deleting: boolean;
  readonly text: string;
}

interface Creation {
  readonly kind: 'Namespace' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
  readonly key: string | null;
  readonly input: string;
}

interface Change {
  readonly kind: 'Namespace' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
  /** Which state is expected: the newest, one that is gone, or one of another object. */
  readonly expected: 'newest' | 'older' | 'other uid';
  readonly remove: boolean;
  readonly deleting: boolean;
  readonly keepPrevious: boolean;
  /** Whether the text is the one that is stored. */
  readonly same: boolean;
}

type Step =
  | { readonly do: 'create'; readonly rows: readonly Creation[] }
  | { readonly do: 'update'; readonly rows: readonly Change[] }
  | { readonly do: 'forget'; readonly keep: number };

const place = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('Namespace'),
      namespace: fc.constant(''),
      name: fc.constantFrom('one', 'two'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ConfigMap'),
      namespace: fc.constantFrom('one', 'two', 'three'),
      name: fc.constantFrom('a', 'b', 'c'),
    }),
  },
);
const creation = fc
  .tuple(place, fc.constantFrom(...Array.from({ length: 20 }, () => null), 'k', 'l'), fc.constantFrom('x', 'y'))
  .map(([where, key, input]) => ({ ...where, key, input }) as Creation);
const change = fc
  .tuple(
    place,
    fc.constantFrom('newest', 'newest', 'newest', 'older', 'other uid'),
    fc.record({ remove: fc.boolean(), deleting: fc.boolean(), keepPrevious: fc.boolean(), same: fc.boolean() }),
  )
  .map(([where, expected, rest]) => ({ ...where, expected, ...rest }) as Change);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('create'), rows: fc.array(creation, { minLength: 1, maxLength: 8 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('update'), rows: fc.array(change, { minLength: 1, maxLength: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget'), keep: fc.integer({ min: 1, max: 10 }) }) },
) as fc.Arbitrary<Step>;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const idOf = (row: Pick<Creation, 'kind' | 'namespace' | 'name'>): string => `${row.kind}/${row.namespace}/${row.name}`;

async function call(pool: Pool, kind: string, rows: readonly (readonly (string | null)[])[]): Promise<bigint[]> {
  const columns = (rows[0] ?? []).map((_, column) => textArray(rows.map((row) => row[column] ?? null)));
  const { rows: answer } = await pool.query<{ results: string[] }>(
    `select datum_${kind}_many(${columns.map((_, index) => `$${index + 1}`).join(', ')}) as results`,
    columns,
  );
  return (answer[0]?.results ?? []).map(BigInt);
}

/** Answer of one creation; a positive one is to be replaced by the revision that was drawn. */
function created(state: State, row: Creation): bigint {
  const used = row.key === null ? undefined : state.keys.get(row.key);
  if (used !== undefined) return used === row.input ? -4n : -5n;
  const namespace = row.namespace === '' ? undefined : state.objects.get(`Namespace//${row.namespace}`);
  if (row.namespace !== '' && namespace === undefined) return -2n;
  if (namespace?.deleting) return -3n;
  return state.objects.has(idOf(row)) ? -1n : 1n;
}

it('writes batches as if their rows came one after the other', async () => {
  const { pool } = await testStore();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
      const project = `p${(run += 1)}`;
      const state: State = { objects: new Map(), keys: new Map(), uids: new Map(), floor: 0n };
      let newest = 0n;
      let count = 0;
      for (const one of steps) {
        if (one.do === 'forget') {
          await compact(pool, { keepMs: 3_600_000, maxRows: one.keep });
          state.floor = BigInt((await pool.query<{ floor: string }>('select floor from meta')).rows[0]?.floor ?? 0);
          continue;
        }
        const expected: {
          revision: bigint;
          type: string;
          prior: string | null;
          object: string;
          previous: string | null;
        }[] = [];
        if (one.do === 'create') {
          const sent = one.rows.map((row) => ({
            row,
            uid: randomUUID(),
            text: `{"n":${(count += 1)}, "t":"${row.input}\\u00e9é"}`,
          }));
          const answers = await call(
            pool,
            'create',
            sent.map(({ row, uid, text }) => [
              project,
              row.kind,
              row.namespace,
              row.name,
              uid,
              '2026-11-23T10:00:00Z',
              '{"l":"1"}',
              '{}',
              '{"a/b/c"}',
              text,
              'actor',
              'manager',
              null,
              null,
              row.key,
              row.key === null ? null : `\\x${hashOf(row.input)}`,
            ]),
          );
          expect(answers).toHaveLength(sent.length);
          sent.forEach(({ row, uid, text }, index) => {
            const answer = answers[index] ?? 0n;
            const model = created(state, row);
            if (model < 0n) return expect(answer).toBe(model);
            expect(answer).toBeGreaterThan(newest);
            newest = answer;
            state.objects.set(idOf(row), { uid, revision: answer, deleting: false, text });
            if (row.key !== null) state.keys.set(row.key, row.input);
            expected.push({ revision: answer, type: 'A', prior: null, object: text, previous: null });
          });
        } else {
          const before = new Map(state.objects);
          const sent = one.rows.map((row) => {
            const stored = before.get(idOf(row)) ?? { uid: randomUUID(), revision: 1n, deleting: false, text: '{}' };
            return {
              row,
              uid: row.expected === 'other uid' ? randomUUID() : stored.uid,
              revision: row.expected === 'older' ? stored.revision - 1n : stored.revision,
              text: row.same ? stored.text : `{"n":${(count += 1)}}`,
            };
          });
          const answers = await call(
            pool,
            'update',
            sent.map(({ row, uid, revision, text }) => [
              project,
              row.kind,
              row.namespace,
              row.name,
              uid,
              String(revision),
              String(row.remove),
              String(row.deleting),
              '{}',
              '{}',
              '{}',
              text,
              String(row.keepPrevious),
              'actor',
              'manager',
              null,
              null,
            ]),
          );
          expect(answers).toHaveLength(sent.length);
          sent.forEach(({ row, uid, revision, text }, index) => {
            const answer = answers[index] ?? 0n;
            const stored = state.objects.get(idOf(row));
            if (stored === undefined || stored.uid !== uid || stored.revision !== revision)
              return expect(answer).toBe(-1n);
            expect(answer).toBeGreaterThan(newest);
            newest = answer;
            if (row.remove) state.objects.delete(idOf(row));
            else state.objects.set(idOf(row), { uid, revision: answer, deleting: row.deleting, text });
            const keeps = row.keepPrevious || stored.revision <= state.floor || (row.remove && stored.text !== text);
            expected.push({
              revision: answer,
              type: row.remove ? 'D' : 'M',
              prior: String(stored.revision),
              object: text,
              previous: keeps ? stored.text : null,
            });
          });
        }
        const first = expected[0]?.revision ?? newest + 1n;
        const { rows: logged } = await pool.query(
          `select revision, type, prior, object::text as object, previous::text as previous from change
           where project = $1 and revision >= $2 order by revision`,
          [project, first],
        );
        expect(logged).toEqual(expected.map((entry) => ({ ...entry, revision: String(entry.revision) })));
      }
      const { rows } = await pool.query<{
        kind: string;
        namespace: string;
        name: string;
        uid: string;
        revision: string;
        deleting: boolean;
        object: string;
      }>(
        'select kind, namespace, name, uid, revision, deleting, object::text as object from resource where project = $1',
        [project],
      );
      const stored = new Map(
        rows.map((row) => [
          idOf(row as never),
          { uid: row.uid, revision: BigInt(row.revision), deleting: row.deleting, text: row.object },
        ]),
      );
      expect(stored).toEqual(state.objects);
    }),
    { numRuns: Math.max(60, Math.round(600 * testScale)), seed: Number(testSeed) },
  );
});

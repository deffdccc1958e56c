import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testStore } from '../test/support/store.ts';
import { compact } from './compact.ts';
import type { Page, PageOptions } from './page.ts';
import type { RequestContext, Revision, Store } from './types.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const namespaces = ['one', 'two'];

type Step =
  | { readonly do: 'write'; readonly namespace: string; readonly name: string; readonly label: string }
  | { readonly do: 'delete'; readonly namespace: string; readonly name: string }
  | { readonly do: 'forget'; readonly keep: number };

const place = { namespace: fc.constantFrom(...namespaces), name: fc.constantFrom(...names) };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('write'), ...place, label: fc.constantFrom('x', 'y') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete'), ...place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget'), keep: fc.integer({ min: 1, max: 30 }) }) },
) as fc.Arbitrary<Step>;

/** Objects of one moment: `namespace/name` to what sets their states apart. */
type State = ReadonlyMap<string, string>;

async function readAll(
  store: Store,
  context: RequestContext,
  options: Omit<PageOptions, 'limit'>,
  limit: number,
): Promise<State> {
  const found = new Map<string, string>();
  let page: Page | undefined;
  do {
    const after = page?.last;
    page = await store.page(context, 'ConfigMap', { ...options, limit, ...(after === undefined ? {} : { after }) });
    for (const item of page.items) {
      const { metadata, data } = item.object() as unknown as {
        metadata: { namespace: string; name: string; resourceVersion: string; labels: { l: string } };
        data: { n: string };
      };
      expect(JSON.parse(item.text())).toEqual(item.object());
      found.set(`${metadata.namespace}/${metadata.name}`, `${metadata.resourceVersion} ${metadata.labels.l} ${data.n}`);
    }
  } while (page.hasMore);
  return found;
}

it('shows every revision since the floor as it was, page by page, whatever happened since', async () => {
  const { store, pool } = await testStore();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
      const context = { project: `p${(run += 1)}`, actor: 'admin', manager: 'test' };
      for (const name of namespaces) await store.create(context, 'Namespace', { metadata: { name } });
      const state = new Map<string, string>();
      const past = new Map<Revision, State>([[await store.revision(), new Map()]]);
      let count = 0;
      for (const one of steps) {
        if (one.do === 'forget') {
          await compact(pool, { keepMs: 3_600_000, maxRows: one.keep });
          continue;
        }
        const key = { namespace: one.namespace, name: one.name };
        const id = `${one.namespace}/${one.name}`;
        const n = String((count += 1));
        if (one.do === 'delete') {
          if (!state.delete(id)) continue;
          await store.delete(context, 'ConfigMap', key);
        } else {
          const object = { metadata: { ...key, labels: { l: one.label } }, data: { n } };
          const written = state.has(id)
            ? await store.update(context, 'ConfigMap', key, (c) => ({
                ...c,
                ...object,
                metadata: { ...c.metadata, labels: { l: one.label } },
              }))
            : await store.create(context, 'ConfigMap', object);
          state.set(id, `${written.object.metadata.resourceVersion} ${one.label} ${n}`);
        }
        past.set(await store.revision(), new Map(state));
      }
      const floor = BigInt((await pool.query('select floor from meta')).rows[0].floor);
      let seen = 0;
      for (const [at, was] of past) {
        if (at < floor) {
          await expect(readAll(store, context, { at }, 3)).rejects.toMatchObject({ code: 'Expired' });
          continue;
        }
        seen += 1;
        expect(await readAll(store, context, { at }, 3)).toEqual(was);
        const some = [...was].filter(([id, text]) => id.startsWith('one/') && text.includes(' x '));
        expect(await readAll(store, context, { at, namespace: 'one', labelSelector: 'l=x' }, 2)).toEqual(new Map(some));
      }
      expect(seen).toBeGreaterThan(0);
    }),
    { numRuns: 12 },
  );
});

it('counts what is left, and tells a revision that lies ahead from one that is there', async () => {
  const { store } = await testStore();
  const context = { project: 'default', actor: 'admin', manager: 'test' };
  for (const name of names) await store.create(context, 'ConfigMap', { metadata: { name, namespace: 'default' } });
  const first = await store.page(context, 'ConfigMap', { limit: 2, count: true });
  expect(first).toMatchObject({ hasMore: true, remaining: 4, last: { namespace: 'default', name: 'b' } });
  await store.delete(context, 'ConfigMap', { namespace: 'default', name: 'f' });
  const next = { at: first.revision, after: first.last ?? { namespace: '', name: '' }, limit: 2, count: true };
  expect(await store.page(context, 'ConfigMap', next)).toMatchObject({ hasMore: true, remaining: 2 });
  const ahead = await store.page(context, 'ConfigMap', { at: 1_000_000n, limit: 1 });
  expect(ahead.newest).toBeLessThan(ahead.revision);
});

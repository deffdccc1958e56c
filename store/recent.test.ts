import { describe, expect, it } from 'vitest';
import { asAdmin, type TestStore, testStore } from '../test/support/store.ts';
import { createRecent } from './recent.ts';

const key = { namespace: 'default', name: 'c' };

/** Two processes on one database; the first has written an object and remembers it, then the second has written it too. */
async function outdated(): Promise<{
  readonly first: TestStore;
  readonly second: TestStore;
  readonly revision: string;
}> {
  const first = await testStore();
  const second = await testStore({ url: first.url, secretKey: first.secretKey });
  await first.store.create(asAdmin, 'ConfigMap', { metadata: key, data: { by: 'first' } });
  const { object } = await second.store.update(asAdmin, 'ConfigMap', key, (c) => ({ ...c, data: { by: 'second' } }));
  return { first, second, revision: object.metadata.resourceVersion };
}

describe('a state that is remembered and no longer the newest', () => {
  it('is not written back', async () => {
    const { first } = await outdated();
    const { object } = await first.store.update(asAdmin, 'ConfigMap', key, (c) => ({
      ...c,
      data: { ...c.data, more: 'yes' },
    }));
    expect(object.data).toEqual({ by: 'second', more: 'yes' });
  });

  it('refuses nothing that the newest allows', async () => {
    const { first, revision } = await outdated();
    const options = { ifMatch: revision };
    const { object } = await first.store.update(
      asAdmin,
      'ConfigMap',
      key,
      (c) => ({ ...c, data: { is: 'ok' } }),
      options,
    );
    expect(object.data).toEqual({ is: 'ok' });
  });

  it('does not say of a write that it changes nothing', async () => {
    const { first } = await outdated();
    const written = await first.store.update(asAdmin, 'ConfigMap', key, (c) => ({ ...c, data: { by: 'first' } }));
    expect(written).toMatchObject({ changed: true, object: { data: { by: 'first' } } });
  });

  it('does not stand in for an object that is gone', async () => {
    const { first, second } = await outdated();
    await second.store.delete(asAdmin, 'ConfigMap', key);
    const write = first.store.update(asAdmin, 'ConfigMap', key, (c) => ({ ...c, data: {} }));
    await expect(write).rejects.toMatchObject({ code: 'NotFound' });
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { is: 'new' } };
    expect(await first.store.apply(asAdmin, 'ConfigMap', key, applied)).toMatchObject({ created: true });
  });

  it('makes no conflict for an apply', async () => {
    const { first, second } = await outdated();
    await second.store.update(asAdmin, 'ConfigMap', key, (c) => ({ ...c, data: { by: 'applier' } }));
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { by: 'applier' } };
    const { object } = await first.store.apply({ ...asAdmin, manager: 'applier' }, 'ConfigMap', key, applied);
    expect(object.data).toEqual({ by: 'applier' });
  });
});

it('forgets the oldest when the newest take too much', () => {
  const recent = createRecent();
  const object = 'x'.repeat(6 * 1024 * 1024);
  for (const place of ['a', 'b', 'c']) recent.note(place, { revision: '1', object });
  expect(['a', 'b', 'c'].map((place) => recent.get(place)?.revision)).toEqual([undefined, '1', '1']);
  recent.note('b', { revision: '2', object });
  recent.note('d', { revision: '1', object });
  expect(['b', 'c', 'd'].map((place) => recent.get(place)?.revision)).toEqual(['2', undefined, '1']);
});

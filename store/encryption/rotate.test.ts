import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { asAdmin, openTestStore, testStore, type TestStore } from '../../test/support/store.ts';
import { localKeys } from './local-keys.ts';
import { retireDataKeys } from './retire-data-keys.ts';
import { type RotationStep, rotateSecrets } from './rotate.ts';
import { openSecretBox } from './secret-box.ts';

const times = { switchMs: 500, retireMs: 0 };
const quick = { refreshEveryMs: 10, switchMs: 500, staleMs: 60_000, epochMs: 1e12 };
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

async function rotation(store: TestStore, keys: readonly Buffer[]) {
  const box = await openSecretBox(store.pool, [localKeys(keys)], { times: quick });
  onTestFinished(() => box.close());
  const kinds = store.registry.all().filter(({ sensitive }) => sensitive.length > 0);
  return {
    box,
    run: (onStep: (step: RotationStep) => void = () => {}) =>
      rotateSecrets({ pool: store.pool, box, kinds, providers: [localKeys(keys)] }, onStep, times),
    retire: () =>
      retireDataKeys(
        store.pool,
        kinds.map(({ id }) => id),
      ),
  };
}

/** Everything that is sealed, by table. */
async function sealed({ pool }: TestStore): Promise<string> {
  const { rows } = await pool.query<{ text: string }>(
    `select object::text as text from resource where kind = 'Secret'
     union all select object::text from change where kind = 'Secret'
     union all select previous::text from change where kind = 'Secret' and previous is not null
     union all select object::text from idempotency union all select private_key from signing_key`,
  );
  return rows.map(({ text }) => text).join('\n');
}

const secret = (name: string, value: string) => ({
  metadata: { namespace: 'default', name, annotations: { [lastApplied]: JSON.stringify({ data: { v: value } }) } },
  data: { v: value },
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('everything is sealed anew while others write; a rotation that was cut short is gone on with', async () => {
  const secretKey = randomBytes(32);
  const fresh = randomBytes(32);
  const store = await testStore({ secretKey, otherKeys: [fresh], keyTimes: quick });
  const { box, run, retire } = await rotation(store, [fresh, secretKey]);
  const old = box.sealingKey();
  // More than a page.
  for (let n = 0; n < 250; n += 1)
    await store.store.create(asAdmin, 'Secret', secret(`s${n}`, base64(`value ${n}`)), { idempotencyKey: `k${n}` });

  const cut = await run((step) => {
    if (step.step === 'sealing' && step.resealed > 0) throw new Error('cut short');
  }).catch((error: Error) => error.message);
  expect(cut).toBe('cut short');
  expect(await sealed(store)).toContain(`enc:v2:${old}:`);
  const begun = box.sealingKey();
  expect(begun).not.toBe(old);

  // Each write goes on from the last: one that is lost would show.
  let writes = 0;
  let done = false;
  onTestFinished(() => void (done = true));
  const writing = Promise.all(
    [0, 1, 2].map(async (writer) => {
      while (!done) {
        await store.store.update(asAdmin, 'Secret', { namespace: 'default', name: `s${writer}` }, (current: any) => ({
          ...current,
          data: { ...current.data, n: base64(String(Number(Buffer.from(current.data.n ?? '', 'base64')) + 1)) },
        }));
        writes += 1;
      }
    }),
  );
  const steps: RotationStep[] = [];
  await run((step) => void steps.push(step));
  done = true;
  await writing;
  expect(steps).toContainEqual(expect.objectContaining({ step: 'switching', keyId: begun, resumed: true }));
  expect(steps.at(-1)).toMatchObject({ step: 'done', retired: [old] });

  // The store read the keys before; a write of it with the old key would be caught here.
  await store.store.list(asAdmin, 'Secret');
  const text = await sealed(store);
  expect(new Set([...text.matchAll(/enc:v2:([\w-]+):/g)].map(([, id]) => id))).toEqual(new Set([begun]));
  expect(await retire()).toEqual([old]);
  const later = await testStore({ url: store.url, secretKey: fresh });
  const { items } = await later.store.list(asAdmin, 'Secret');
  expect(items).toHaveLength(250);
  for (const { metadata, data } of items as any[]) {
    const value = base64(`value ${metadata.name.slice(1)}`);
    expect(data.v).toBe(value);
    expect(JSON.parse(metadata.annotations[lastApplied])).toEqual({ data: { v: value } });
  }
  const counted = items.reduce((sum, { data }: any) => sum + Number(Buffer.from(data.n ?? '', 'base64')), 0);
  expect(counted).toBe(writes);
  // What a process still holds in memory from before opens as well.
  expect((await store.store.list(asAdmin, 'Secret')).items).toHaveLength(250);
  const again = await later.store.create(asAdmin, 'Secret', secret('s7', base64('value 7')), { idempotencyKey: 'k7' });
  expect(again.changed).toBe(false);
});

test('values from before data keys are sealed with one, and the copy that kubectl keeps with them', async () => {
  const secretKey = randomBytes(32);
  const store = await testStore({ secretKey, keyTimes: quick });
  const { object } = await store.store.create(asAdmin, 'Secret', secret('s', base64('hidden')));
  const bare = (field: string, key: string, value: string): string => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secretKey, iv).setAAD(
      Buffer.from(`${object.metadata.uid}/${field}/${key}`),
    );
    return `enc:v1:${Buffer.concat([iv, cipher.update(value), cipher.final(), cipher.getAuthTag()]).toString('base64')}`;
  };
  const { metadata, ...rest } = object;
  const { resourceVersion: _, ...kept } = metadata;
  const text = JSON.stringify({ ...rest, metadata: kept, data: { v: bare('data', 'v', base64('hidden')) } });
  await store.pool.query("update resource set object = $1 where kind = 'Secret'", [text]);
  await store.pool.query("update change set object = $1 where kind = 'Secret'", [text]);
  const { run } = await rotation(store, [secretKey]);
  const read = await store.store.get(asAdmin, 'Secret', { namespace: 'default', name: 's' });
  expect(read?.data).toEqual({ v: base64('hidden') });
  expect(await sealed(store)).toContain(base64('hidden'));
  await run();
  expect(await sealed(store)).not.toContain(base64('hidden'));
  expect(await sealed(store)).not.toContain('enc:v1:');
  expect(await store.store.get(asAdmin, 'Secret', { namespace: 'default', name: 's' })).toMatchObject({
    data: { v: base64('hidden') },
    metadata: { annotations: { [lastApplied]: JSON.stringify({ data: { v: base64('hidden') } }) } },
  });
});

test('a key that something is still sealed with is kept', async () => {
  const store = await testStore();
  await store.store.create(asAdmin, 'Secret', secret('s', base64('v')));
  const { retire } = await rotation(store, [store.secretKey]);
  await store.pool.query("update data_key set retire_at = now() - interval '1 minute' where purpose = 'seal'");
  expect(await retire()).toEqual([]);
  const { rows } = await store.pool.query('select from data_key');
  expect(rows).toHaveLength(2);
});

test('a value that was moved to another name, namespace or project does not open', async () => {
  const store = await testStore();
  await store.store.create(asAdmin, 'Namespace', { metadata: { name: 'mine' } });
  await store.store.create(asAdmin, 'Secret', secret('theirs', base64('v')));
  const read = (project: string, namespace: string, name: string) =>
    openTestStore(store.url, { secretKey: store.secretKey }).then((fresh) =>
      fresh.store.get({ ...asAdmin, project }, 'Secret', { namespace, name }).finally(() => fresh.close()),
    );
  expect(await read('default', 'default', 'theirs')).toMatchObject({ data: { v: base64('v') } });
  for (const [change, place] of [
    ["namespace = 'mine'", ['default', 'mine', 'theirs']],
    ["name = 'mine'", ['default', 'mine', 'mine']],
    ["project = 'other'", ['other', 'mine', 'mine']],
  ] as const) {
    await store.pool.query(`update resource set ${change} where kind = 'Secret'`);
    await expect(read(place[0], place[1], place[2]), change).rejects.toThrow();
  }
  const names = store.store.list({ ...asAdmin, project: 'other' }, 'Secret');
  await expect(names).rejects.toThrow();
});

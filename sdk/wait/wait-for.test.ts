import { expect, onTestFinished, test } from 'vitest';
import { testGateway, testToken } from '../../test/support/gateway.ts';
import { asAdmin } from '../../test/support/store.ts';
import { createDatum } from '../client/create-datum.ts';
import { NotReadyError } from './wait-for.ts';

const key = { namespace: 'default', name: 'web' } as const;
const lastTransitionTime = '2026-11-23T00:00:00Z';

async function start() {
  const gateway = await testGateway();
  const datum = createDatum({ url: gateway.url, token: testToken });
  onTestFinished(() => datum.close());
  const create = () => datum.networks.create({ metadata: key, spec: { ipam: { mode: 'Auto' } } });
  const say = (status: 'True' | 'False', observedGeneration: number, reason = 'Tested') =>
    gateway.store.store.update(
      asAdmin,
      'Network',
      key,
      (current) => ({
        ...current,
        status: {
          conditions: [{ type: 'Ready', status, reason, message: 'by hand', lastTransitionTime, observedGeneration }],
        },
      }),
      { subresource: 'status' },
    );
  return { datum, create, say };
}

test('a wait ends with the object whose condition holds', async () => {
  const { datum, create, say } = await start();
  const waiting = datum.networks.waitFor(key, 'Ready');
  await create();
  await say('False', 1);
  await say('True', 1);
  expect((await waiting).status?.conditions?.[0]?.status).toBe('True');
  expect((await datum.networks.waitFor(key, 'Ready')).metadata.name).toBe('web');
  expect((await datum.networks.waitFor(key, ({ spec }) => spec.mtu !== 1)).metadata.name).toBe('web');
});

test('a condition that was said of an older generation does not count', async () => {
  const { datum, create, say } = await start();
  await create();
  await say('True', 1);
  await datum.networks.update(key, { spec: { mtu: 1400 } });
  await expect(datum.networks.waitFor(key, 'Ready', { timeoutMs: 3_000 })).rejects.toThrow('older generation');
  const waiting = datum.networks.waitFor(key, 'Ready');
  await say('True', 2);
  expect((await waiting).metadata.generation).toBe(2);
});

test('a wait that is not fulfilled fails with the reason from the conditions', async () => {
  const { datum, create, say } = await start();
  await expect(datum.networks.waitFor(key, 'Ready', { timeoutMs: 100 })).rejects.toThrow(
    'Network default/web does not exist after 0.1 s',
  );
  await create();
  await say('False', 1, 'NoRange');
  const late = datum.networks.waitFor(key, 'Ready', { timeoutMs: 3_000 });
  await expect(late).rejects.toThrow(NotReadyError);
  await expect(late).rejects.toMatchObject({
    message: 'Network default/web is not Ready after 3 s: Ready is False (NoRange), by hand',
    condition: { type: 'Ready', reason: 'NoRange' },
    object: { metadata: key },
  });
  expect((await datum.networks.waitFor(key, 'Ready=False')).metadata.name).toBe('web');
});

test('a wait for the end of an object, and one that its end ends', async () => {
  const { datum, create } = await start();
  expect(await datum.networks.waitFor(key, 'deleted')).toBeUndefined();
  await create();
  const gone = datum.networks.waitFor(key, 'deleted');
  const { promise: seen, resolve: see } = Promise.withResolvers<void>();
  const never = datum.networks.waitFor(key, () => {
    see();
    return false;
  });
  never.catch(() => {});
  await seen;
  await datum.networks.delete(key);
  expect(await gone).toBeUndefined();
  await expect(never).rejects.toThrow('was deleted');
  const stop = new AbortController();
  const aborted = datum.networks.waitFor(key, 'Ready', { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
});

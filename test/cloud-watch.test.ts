import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDatum } from '../sdk/main.ts';
import { createCloudResources } from '../store/cloud-resources.ts';
import { remoteTestGateway, testGateway, testToken } from './support/gateway.ts';
import { kindSamples } from './support/kind-samples.ts';
import { asAdmin } from './support/store.ts';

interface Told {
  readonly resources: readonly { readonly name: string; readonly state: string }[];
}

const key = { namespace: 'default', name: 'one' };
const document =
  'subscription { resources: watchInstanceCloudResources(namespace: "default", name: "one") { name state operation } }';

for (const [shape, start] of [
  ['in one process', testGateway],
  ['with subgraphs behind HTTP and WebSocket', remoteTestGateway],
] as const) {
  test(`every change of what was made in a cloud for an object is told (${shape})`, async () => {
    const { url, store } = await start();
    const { object } = await store.store.create(asAdmin, 'Instance', {
      ...kindSamples.Instance,
      metadata: key,
    } as never);
    const rows = createCloudResources(store.pool);
    const plan = async (name: string) =>
      rows.plan({
        project: 'default',
        cloud: 'gcp',
        account: 'acme-edge',
        scope: 'zones/us-south1-a',
        type: 'compute.instances',
        name,
        ownerKind: 'Instance',
        ownerUid: object.metadata.uid,
        ownerKey: key,
        controller: 'gcp-instance',
        verb: 'insert',
        requestId: randomUUID(),
        plannedAt: new Date(),
        attempts: 1,
        facts: {},
      });
    const datum = createDatum({ url, token: testToken });
    const events = datum.subscribe<Told>(document)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => {
      const { done, value } = await events.next();
      return done === true ? 'ended' : value.resources.map(({ name, state }) => `${name} ${state}`);
    };
    expect(await next()).toEqual([]);
    const planned = await plan('a');
    expect(await next()).toEqual(['a planned']);
    await rows.record(planned?.requestId ?? '', { state: 'running', operation: 'op-1' } as never);
    expect(await next()).toEqual(['a running']);
    await plan('b');
    expect(await next()).toEqual(['a running', 'b planned']);
    await rows.forget(planned?.requestId ?? '');
    expect(await next()).toEqual(['b planned']);
    await events.return?.();

    const missing = datum.subscribe(document.replace('one', 'none'))[Symbol.asyncIterator]();
    await expect(missing.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    datum.close();
  });
}

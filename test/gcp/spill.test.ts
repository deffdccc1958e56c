import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ConfigMap } from '../../kinds/generated/types.ts';
import { type CloudState, objectsOf } from '../support/cloud.ts';
import {
  asStranger,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';

/** Text that hardly packs. */
function noise(length: number, seed: string): string {
  let text = '';
  for (let round = 0; text.length < length; round += 1)
    text += createHash('sha512').update(`${seed}${round}`).digest('base64');
  return text.slice(0, length);
}

interface Files {
  readonly folder: string;
  readonly content?: Record<string, string>;
  readonly parts?: readonly string[];
}

function filesIn(cloud: CloudState): Files[] {
  const [machine] = objectsOf(cloud, 'instances');
  const metadata = machine?.['metadata'] as { items: { key: string; value: string }[] } | undefined;
  const text = metadata?.items.find(({ key }) => key === 'datum-guest')?.value ?? '{"configMaps":[]}';
  return (JSON.parse(text) as { configMaps: Files[] }).configMaps;
}

/** What the machine would find behind the paths. */
async function readParts(world: GcpWorld, parts: readonly string[]): Promise<Record<string, string>> {
  const packed: Buffer[] = [];
  for (const path of parts) {
    const { payload } = (await asStranger(world, 'GET', `v1/${path}:access`)) as { payload: { data: string } };
    packed.push(Buffer.from(payload.data, 'base64'));
  }
  const content = JSON.parse(gunzipSync(Buffer.concat(packed)).toString()) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

test('gap 16: a config map that does not fit into metadata is read from where secrets are, and follows its changes', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  const large = { text: noise(400_000, 'a'), more: 'ü' };
  await world.create('ConfigMap', 'large', { data: large });
  await world.create('ConfigMap', 'small', { data: { motd: 'hello' } });
  const mounts = ['large', 'small'].map((name) => ({ name, mountPath: `/etc/${name}` }));
  await createWorkload(world, 'web', {
    template: {
      volumes: mounts.map(({ name }) => ({ name, configMap: { name } })),
      runtime: {
        resources: { instanceType: 'datumcloud/d1-standard-2' },
        sandbox: { containers: [{ name: 'main', image: 'x.io/y', volumeAttachments: mounts }] },
      },
    },
  });
  await readyInstances(world, 1);
  const [first, second] = filesIn(await world.cloud());
  expect(first?.folder).toBe('/etc/configmaps/large');
  expect(first?.parts?.length).toBeGreaterThan(4);
  expect(await readParts(world, first?.parts ?? [])).toEqual(large);
  expect(second).toMatchObject({ folder: '/etc/configmaps/small', content: { motd: expect.any(String) } });
  const scopes = JSON.stringify(objectsOf(await world.cloud(), 'instances')[0]?.['serviceAccounts']);
  expect(scopes).toContain('cloud-platform');

  const change = (data: Record<string, string>) =>
    world.open.store.update(asAdmin, 'ConfigMap', { namespace: 'default', name: 'large' }, (one: ConfigMap) => ({
      ...one,
      data,
    }));
  const changed = { text: noise(300_000, 'b') };
  await change(changed);
  const cloud = await world.eventuallyCloud((state) => {
    const { parts = [] } = filesIn(state)[0] ?? {};
    return parts.length > 0 && parts.every((path) => path.endsWith('/versions/2'));
  });
  expect(await readParts(world, filesIn(cloud)[0]?.parts ?? [])).toEqual(changed);

  await change({ text: 'short' });
  await world.eventuallyCloud(
    (state) => filesIn(state)[0]?.content?.['text'] === Buffer.from('short').toString('base64'),
  );
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Workload', (all) => all.length === 0);
  expect((await world.cloud()).counts['secrets'] ?? 0).toBe(0);
});

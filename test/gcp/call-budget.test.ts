import { expect, test } from 'vitest';
import { createCloudResources } from '../../store/cloud-resources.ts';
import { createGcpClient } from '../../workers/clouds/gcp/client.ts';
import { createPoller } from '../../workers/gcp-operations/poller.ts';
import {
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../support/gcp-world.ts';

interface Counters {
  readonly total: number;
  readonly byRoute: Readonly<Record<string, number>>;
}

async function counters(world: GcpWorld): Promise<Counters> {
  const response = await fetch(`${world.gcpControl}/_emu/requests`);
  const { counters: found } = (await response.json()) as { counters: { byRoute: Record<string, number> } };
  const total = Object.values(found.byRoute).reduce((sum, count) => sum + count, 0);
  return { total, byRoute: found.byRoute };
}

const networkList = 'GET /compute/v1/projects/{project}/global/networks';

test('a machine costs at most twelve calls, and looking whether all is as declared no more than there are places', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'first');
  await readyInstances(world, 1);
  const before = await counters(world);
  const machines = 8;
  await createWorkload(world, 'many', { replicas: machines });
  await readyInstances(world, machines + 1);
  const after = await counters(world);
  expect((after.total - before.total) / machines).toBeLessThanOrEqual(12);

  const gcp = createGcpClient({ endpoint: world.gcp });
  const poller = createPoller({
    cloudResources: createCloudResources(world.open.pool),
    gcp,
    enqueue: () => {},
    observeEveryMs: 1,
  });
  const stop = new AbortController();
  const running = poller.run(stop.signal);
  const passes = async () => ((await counters(world)).byRoute[networkList] ?? 0) - (after.byRoute[networkList] ?? 0);
  await expect.poll(passes, { timeout: 60_000 }).toBeGreaterThan(5);
  stop.abort();
  await running;
  gcp.close();
  const calls = (await counters(world)).total - after.total;
  // Nine machines and what they need, in one zone: a list for each type, one list for up to 500 objects.
  expect(calls / (await passes())).toBeLessThanOrEqual(8);
});

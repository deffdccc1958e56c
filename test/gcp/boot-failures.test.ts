import { expect, test } from 'vitest';
import type { Workload } from '../../kinds/generated/types.ts';
import { objectsOf } from '../support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  messageOf,
  readyInstances,
} from '../support/gcp-world.ts';
import { groupWorld } from '../support/group-world.ts';
import { asAdmin } from '../support/store.ts';

// What keeps a machine from coming up is read from its console, and said where people look.

interface Guest {
  readonly failingImages?: readonly string[];
  readonly failingCommands?: readonly string[];
  readonly serial?: readonly string[];
}

async function setGuest(world: GcpWorld, machine: string, guest: Guest): Promise<void> {
  const body = JSON.stringify({ instance: machine, ...guest });
  const response = await fetch(`${world.gcpControl}/_emu/guest`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
}

/** A machine that runs, with a clock that stands still but for what is done here. */
async function runningMachine(template: object = {}) {
  let nowMs = Date.parse('2026-11-23T10:00:00Z');
  const world = await gcpWorld({ now: () => nowMs });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { template });
  const [instance] = await readyInstances(world, 1);
  const name = instance?.metadata.name ?? '';
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const key = `${machine?.['selfLink']}`.replace(/^.*\/(?=projects\/)/, '');
  return {
    world,
    name,
    key,
    /** Restarts the machine; what it writes from then on is another boot. */
    async restart(): Promise<void> {
      nowMs += 1_000;
      const restartedAt = new Date(nowMs).toISOString();
      await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (one: Workload) => ({
        ...one,
        spec: { ...one.spec, template: { ...one.spec.template, spec: { ...one.spec.template.spec, restartedAt } } },
      }));
    },
    async later(ms: number): Promise<void> {
      nowMs += ms;
      await world.wake('gcp-instance', name);
    },
  };
}

test('an image that cannot be pulled is quoted in the conditions of instance and workload, until it can', async () => {
  const { world, name, key, restart } = await runningMachine();
  await setGuest(world, key, { failingImages: ['docker.io/library/nginx:1.29'] });
  await restart();
  const failed = await world.eventually('Instance', name, (one) => conditionText(one, 'Ready') === 'False BootFailed');
  expect(conditionText(failed, 'Booted')).toBe('False BootFailed');
  expect(conditionText(failed, 'Running')).toBe('True Running');
  expect(messageOf(failed, 'Ready')).toBe(
    'The console says: container main: Back-off pulling image "docker.io/library/nginx:1.29": ImagePullBackOff',
  );
  const workload = await world.eventually('Workload', 'web', (one) =>
    messageOf(one, 'Available').includes('ImagePullBackOff'),
  );
  expect(conditionText(workload, 'Available')).toBe('False NoAvailablePlacements');

  await setGuest(world, key, { failingImages: [] });
  await restart();
  await world.eventually('Instance', name, (one) => conditionText(one, 'Booted') === 'True Booted');
  await readyInstances(world, 1);
});

test('the program of a machine says what it lacks, without anything secret, and when it has it', async () => {
  const value = 'hunter2';
  const data = { password: Buffer.from(value).toString('base64') };
  const { world, name, key, restart, later } = await runningMachine({
    volumes: [{ name: 'credentials', secret: { secretName: 'credentials', optional: true } }],
    runtime: {
      resources: { instanceType: 'datumcloud/d1-standard-2' },
      sandbox: {
        containers: [
          {
            name: 'main',
            image: 'x.io/y',
            volumeAttachments: [{ name: 'credentials', mountPath: '/etc/credentials' }],
          },
        ],
      },
    },
  });
  await world.create('Secret', 'credentials', { data });
  const lacks = `datum: not done yet: HTTP Error 403: Forbidden for ${value}`;
  await setGuest(world, key, { serial: [lacks] });
  await restart();
  const waits = await world.eventually('Instance', name, (one) => conditionText(one, 'Ready') === 'False Booting');
  expect(messageOf(waits, 'Booted')).toBe('The console says: datum: not done yet: HTTP Error 403: Forbidden for …');
  await setGuest(world, key, { failingCommands: ['guest.py boot'] });
  await restart();
  const failed = await world.eventually('Instance', name, (one) => conditionText(one, 'Ready') === 'False BootFailed');
  expect(messageOf(failed, 'Booted')).toBe(
    'The console says: datum: not done yet: HTTP Error 403: Forbidden for …; Failed to start Disks, files and secrets of this machine.',
  );

  await setGuest(world, key, { serial: [lacks, 'datum: everything is there', 'datum: all containers run'] });
  await later(15_000);
  await world.eventually('Instance', name, (one) => conditionText(one, 'Booted') === 'True Booted');
  await readyInstances(world, 1);
});

test('a machine that comes up is looked at once, and one that says nothing eight times', async () => {
  const { world, name, key, restart, later } = await runningMachine();
  const looks = async (): Promise<number> => {
    const { counters } = (await (await fetch(`${world.gcpControl}/_emu/requests`)).json()) as {
      counters: { byRoute: Record<string, number> };
    };
    const routes = Object.entries(counters.byRoute).filter(([route]) => route.endsWith('/serialPort'));
    return routes.reduce((sum, [, count]) => sum + count, 0);
  };
  expect(await looks()).toBe(1);
  // Its kubelet does not start, so that nothing is heard of containers.
  await setGuest(world, key, { failingCommands: ['no such'], serial: ['[ 0.1] Linux version 6.6'] });
  await restart();
  await expect.poll(looks, { timeout: 60_000 }).toBe(2);
  for (let look = 3; look <= 9; look += 1) {
    await later(300_000);
    await expect.poll(looks, { timeout: 60_000 }).toBe(look);
  }
  await later(300_000);
  const instance = await world.eventually('Instance', name, (one) => conditionText(one, 'Ready') === 'True Running');
  expect(conditionText(instance, 'Booted')).toBe('undefined undefined');
  expect(await looks()).toBe(9);
});

test('the machines of a group are looked at too, when they had time to come up', async () => {
  let nowMs = Date.parse('2026-11-23T10:00:00Z');
  const world = await groupWorld({ latency: 'none', now: () => nowMs }, { replicas: 1 });
  const [instance] = await readyInstances(world, 1);
  const { uid = '', name = '' } = instance?.metadata ?? {};
  const boot = async (): Promise<string | undefined> => {
    const text = `select facts ->> 'boot' as boot from cloud_resource where owner_uid = $1 and type = 'compute.instances'`;
    return (await world.open.pool.query(text, [uid])).rows[0]?.boot ?? undefined;
  };
  expect(await boot()).toBeUndefined();
  nowMs += 15_000;
  await world.wake('gcp-instance', name);
  await expect.poll(boot, { timeout: 60_000 }).toBe('up');
});

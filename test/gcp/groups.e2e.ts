import { describe, expect, test } from 'vitest';
import { addFault } from '../support/cloud.ts';
import { dying } from '../support/dying.ts';
import { conditionText, type GcpWorld, readyInstances } from '../support/gcp-world.ts';
import { change, expectSame, groupWorld, imageOf, withImage, withReplicas } from '../support/group-world.ts';
import { seeded } from '../support/scale.ts';

// The whole life of a group of machines while calls, answers and the worker itself are lost.

/** Makes a group, scales it, gives it another template and takes it away; looks each time that nothing is there twice. */
async function wholeLife(world: GcpWorld): Promise<void> {
  await readyInstances(world, 3);
  await change(world, withReplicas(2));
  await readyInstances(world, 2);
  await change(world, withImage('docker.io/library/nginx:2'));
  const instances = await world.eventuallyAll(
    'Instance',
    (all) =>
      all.length === 2 &&
      all.every(
        (one) => imageOf(one) === 'docker.io/library/nginx:2' && conditionText(one, 'Ready') === 'True Running',
      ),
  );
  await expectSame(world, instances);
  const { counts } = await world.eventuallyCloud((state) => state.counts['instanceTemplates'] === 1);
  expect(counts).toMatchObject({ instances: 2, disks: 2, instanceGroupManagers: 1 });
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Workload', (all) => all.length === 0);
  await world.eventuallyCloud((state) =>
    ['instances', 'disks', 'instanceGroupManagers', 'instanceTemplates', 'serviceAccounts'].every(
      (type) => state.counts[type] === 0,
    ),
  );
  expect(await world.eventuallyAll('Instance', (all) => all.length === 0)).toEqual([]);
}

describe('whatever goes wrong, a group has its machines once, and leaves nothing', () => {
  const calls = { path: 'instance(Templates|GroupManagers)' };
  test.each<[string, Parameters<typeof addFault>[1]]>([
    ['answers are lost', { ...calls, method: 'POST', count: 6, fault: { kind: 'lost-answer' } }],
    [
      'calls are done and answered with 500',
      { ...calls, method: 'POST', count: 6, fault: { kind: 'commit-then-error' } },
    ],
    [
      'calls are answered with 503',
      { ...calls, count: 8, fault: { kind: 'http', status: 503, reason: 'backendError' } },
    ],
    ['a fifth of all answers is lost', { probability: 0.2, fault: { kind: 'lost-answer' } }],
  ])('when %s', async (_, fault) => {
    const world = await groupWorld();
    await addFault(world, fault);
    await wholeLife(world);
  });

  test('when the worker dies at every eighth write, before or after it', async () => {
    const random = seeded('a group that dies');
    await wholeLife(
      await groupWorld({
        around: (writes) =>
          dying(
            writes,
            () => random() < 1 / 8,
            () => random() < 0.5,
          ),
      }),
    );
  });
});

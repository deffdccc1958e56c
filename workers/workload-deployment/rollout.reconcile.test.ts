import { expect, test } from 'vitest';
import type { Instance, UpdateStrategy } from '../../kinds/generated/types.ts';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare, templateOf } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin } from '../../test/support/store.ts';
import { conditionOf, isTrue } from '../objects/condition.ts';

const web = { namespace: 'default', name: 'web' };

/** A workload of four that was rolled out with the image `1`, and what one does to it. */
async function rolledOut(
  story: string,
  updateStrategy: UpdateStrategy,
  policy: 'OrderedReady' | 'Parallel' = 'Parallel',
) {
  const world = await wholeWorld({ random: seeded(story) });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default');
  await workload('web', { replicas: 4, policy, image: 'docker.io/library/nginx:1' });
  await world.store.update(asAdmin, 'Workload', web, (one) => ({ ...one, spec: { ...one.spec, updateStrategy } }));
  await world.settle();
  const take = async (image: string): Promise<void> => {
    const template = templateOf(['default'], `docker.io/library/nginx:${image}`);
    await world.store.update(asAdmin, 'Workload', web, (one) => ({ ...one, spec: { ...one.spec, template } }));
    await world.settle();
  };
  const images = async (): Promise<string> =>
    (await world.store.list(asAdmin, 'Instance')).items
      .map(({ spec }) => spec.runtime.sandbox?.containers[0]?.image.split(':')[1])
      .join('');
  const rollBackTo = (revision: number): Promise<unknown> =>
    world.store.update(asAdmin, 'Workload', web, (one) => ({
      ...one,
      spec: { ...one.spec, rollbackTo: { revision } },
    }));
  const remove = async (ordinal: number): Promise<void> => {
    await world.store.delete(asAdmin, 'Instance', { namespace: 'default', name: `web-us-dfw-${ordinal}` });
    await world.settle();
  };
  return { world, take, images, rollBackTo, remove };
}

test.each(['OrderedReady', 'Parallel'] as const)(
  '%s: with surge all stay ready, and what was added goes',
  async (policy) => {
    const { world, take, images } = await rolledOut(
      'surge',
      { rollingUpdate: { maxUnavailable: 0, maxSurge: 2 } },
      policy,
    );
    const began = world.changes.length;
    await take('2');
    expect(await images()).toBe('2222');
    const ready = new Map<string, boolean>();
    let most = 0;
    for (const [index, { kind, type, key, object }] of world.changes.entries()) {
      if (kind !== 'Instance') continue;
      const instance = object as Instance;
      if (type === 'DELETED') ready.delete(key.name);
      else ready.set(key.name, isTrue(instance, 'Ready') && instance.metadata.deletionTimestamp === undefined);
      most = Math.max(most, ready.size);
      if (index >= began) expect([...ready.values()].filter(Boolean).length).toBeGreaterThanOrEqual(4);
    }
    expect(most).toBe(6);
    expect(await world.condition('Workload', 'web', 'Progressing')).toBe('True RolloutComplete');
    const { status } = await world.get('Workload', 'web');
    expect(status?.currentRevision).toBe(status?.updateRevision);
    expect(status).toMatchObject({ replicas: 4, readyReplicas: 4, desiredReplicas: 4, currentReplicas: 4 });
  },
);

test('below the partition the old template stays, also for an instance that is made again', async () => {
  const { world, take, images, remove } = await rolledOut('partition', { rollingUpdate: { partition: 2 } });
  await take('2');
  expect(await images()).toBe('1122');
  await remove(0);
  expect(await images()).toBe('1122');
  expect(await world.condition('Workload', 'web', 'Progressing')).toBe('True PartitionReached');
  const { status } = await world.get('Workload', 'web');
  expect(status?.currentRevision).not.toBe(status?.updateRevision);
  await world.store.update(asAdmin, 'Workload', web, (one) => ({ ...one, spec: { ...one.spec, updateStrategy: {} } }));
  await world.settle();
  expect(await images()).toBe('2222');
});

test('OnDelete: an instance changes when it is deleted', async () => {
  const { world, take, images, remove } = await rolledOut('on delete', { type: 'OnDelete' });
  await take('2');
  expect(await images()).toBe('1111');
  expect(await world.condition('Workload', 'web', 'Progressing')).toBe('True WaitingForDeletion');
  await remove(1);
  expect(await images()).toBe('1211');
});

test('a failed rollout pauses and says why, and goes on when the cause is gone', async () => {
  // One at a time: of two, the other one could be done, and followed by a third, before the failure is known.
  const { world, take, images } = await rolledOut('failed', { rollingUpdate: { maxUnavailable: 1 } });
  world.cloud.failing.set('Instance web-us-dfw-3', { reason: 'ImageNotFound', message: 'no such image' });
  await take('2');
  expect(await images()).toBe('1112');
  expect(conditionOf(await world.get('Workload', 'web'), 'Progressing')).toMatchObject({
    status: 'False',
    reason: 'InstanceFailed',
    message: 'web-us-dfw: Rollout paused: web-us-dfw-3: ImageNotFound: no such image',
  });
  world.cloud.failing.clear();
  await world.restart();
  await world.settle();
  expect(await images()).toBe('2222');
  expect(await world.condition('Workload', 'web', 'Progressing')).toBe('True RolloutComplete');
});

test('revisions are kept as ControllerRevisions, and the way back leads through them', async () => {
  const { world, take, images, rollBackTo } = await rolledOut('undo', {});
  world.cloud.failing.set('Instance web-us-dfw-3', { reason: 'ImageNotFound', message: 'no such image' });
  await take('2');
  world.cloud.failing.clear();
  const revisions = async () => (await world.store.list(asAdmin, 'ControllerRevision')).items;
  const byNumber = async () => (await revisions()).map(({ revision }) => revision).toSorted((a, b) => a - b);
  expect(await byNumber()).toEqual([1, 2]);
  const { uid } = (await world.get('Workload', 'web')).metadata;
  expect((await revisions()).every(({ metadata }) => metadata.ownerReferences?.[0]?.uid === uid)).toBe(true);

  await expect(rollBackTo(7)).rejects.toThrow('there are the revisions 1, 2');
  await world.store.update(asAdmin, 'Workload', web, (one) => {
    one.spec.template.spec.restartedAt = '2026-01-01T00:00:00Z';
    return one;
  });
  await rollBackTo(0);
  await world.settle();
  expect((await world.get('Workload', 'web')).spec.template.spec.restartedAt).toBe('2026-01-01T00:00:00Z');
  expect(await images()).toBe('1111');
  expect(await byNumber()).toEqual([2, 3]);
  expect((await world.get('Workload', 'web')).spec.rollbackTo).toBe(undefined);

  for (let image = 3; image < 14; image++) await take(String(image));
  expect(await byNumber()).toEqual(Array.from({ length: 10 }, (_, index) => index + 5));
  await world.store.delete(asAdmin, 'Workload', web);
  await world.settle();
  expect(await revisions()).toEqual([]);
});

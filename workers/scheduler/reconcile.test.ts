import { expect, test } from 'vitest';
import { createWorld } from '../../test/support/world.ts';
import { declare } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin } from '../../test/support/store.ts';
import { controller as workload } from '../workload/reconcile.ts';
import { conditionOf } from '../objects/condition.ts';
import { controller } from './reconcile.ts';

const inDefault = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });

test('a deployment waits for a location of its city and goes on as soon as one appears or changes', async () => {
  const world = await createWorld([workload, controller], { random: seeded('scheduler') });
  const { location, network, ...declared } = declare(world.store);
  await network('default');
  await location('dfw', 'DFW');
  await declared.workload('web', { cities: ['DFW'] });
  await world.settle();
  await world.store.delete(asAdmin, 'Location', inDefault('dfw'));
  // The deployment was asked for while there was a location; it has none now.
  await world.store.create(asAdmin, 'WorkloadDeployment', {
    metadata: { name: 'lonely', namespace: 'default' },
    spec: {
      workloadRef: { name: 'web', uid: '1' },
      placementName: 'us',
      cityCode: 'DFW',
      template: (await world.get('Workload', 'web')).spec.template,
      scaleSettings: { minReplicas: 1 },
    },
  });
  await world.settle();
  expect(await world.condition('WorkloadDeployment', 'lonely', 'Available')).toBe('False NoLocations');

  await location('lhr', 'LHR');
  await world.settle();
  expect(conditionOf(await world.get('WorkloadDeployment', 'lonely'), 'Available')).toMatchObject({
    reason: 'NoCandidateLocations',
    message: 'No location can take city code DFW: default/lhr (city code is LHR)',
  });

  await world.store.update(asAdmin, 'Location', inDefault('lhr'), (one) => ({
    ...one,
    spec: { ...one.spec, topology: { 'topology.datum.net/city-code': 'DFW' } },
  }));
  await world.settle();
  const { status } = await world.get('WorkloadDeployment', 'lonely');
  expect(status?.location).toEqual({ name: 'lhr', namespace: 'default' });
  expect(status?.candidates).toEqual([
    { location: { name: 'lhr', namespace: 'default' }, score: expect.any(Number), reason: 'Taken' },
  ]);
  expect(await world.condition('WorkloadDeployment', 'lonely', 'Available')).toBe('False LocationAssigned');
});

test('deployments spread over the locations of a city, and stay where they are', async () => {
  const world = await createWorld([workload, controller], { random: seeded('spread') });
  const { location, network, ...declared } = declare(world.store);
  await network('default');
  for (const name of ['a', 'b', 'c']) await location(name, 'DFW');
  for (let index = 0; index < 9; index++) await declared.workload(`web-${index}`, { cities: ['DFW'], replicas: 2 });
  await world.settle();
  const placesOf = async (): Promise<(string | undefined)[]> =>
    (await world.store.list(asAdmin, 'WorkloadDeployment')).items.map(({ status }) => status?.location?.name);
  const places = await placesOf();
  for (const name of ['a', 'b', 'c']) expect(places.filter((place) => place === name)).toHaveLength(3);

  await location('d', 'DFW');
  await world.restart();
  await world.settle();
  expect(await placesOf()).toEqual(places);
});

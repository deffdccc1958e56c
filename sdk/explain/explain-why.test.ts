import { expect, onTestFinished, test } from 'vitest';
import type { KindId } from '../../kinds/generated/types.ts';
import { testGateway, testToken } from '../../test/support/gateway.ts';
import { kindSamples } from '../../test/support/kind-samples.ts';
import { asAdmin } from '../../test/support/store.ts';
import { createDatum } from '../client/create-datum.ts';
import type { Cause } from './explain.types.ts';
import { explainWhy } from './explain-why.ts';

const at = (n: number): string => `2026-11-23T00:0${n}:00Z`;

/** A product without workers, whose objects are made and whose status is said by hand. */
async function start() {
  const gateway = await testGateway();
  const { store } = gateway.store;
  const datum = createDatum({ url: gateway.url, token: testToken });
  onTestFinished(() => datum.close());
  let minute = 0;
  async function make(
    kind: KindId,
    name: string,
    condition: string,
    more: { status?: object; owner?: { kind: string; name: string; uid: string } } = {},
  ) {
    const [type = '', status = '', reason = ''] = condition.split(' ');
    const owner = more.owner && { apiVersion: 'compute.datumapis.com/v1alpha', controller: true, ...more.owner };
    const metadata = { namespace: 'default', name, ...(owner ? { ownerReferences: [owner] } : {}) };
    const { object } = await store.create(asAdmin, kind, { ...kindSamples[kind], metadata } as never);
    const conditions = [{ type, status, reason, message: `${name} says so`, lastTransitionTime: at(minute++) }];
    await store.update(
      asAdmin,
      kind,
      metadata,
      (current) => ({ ...current, status: { ...more.status, conditions } }) as never,
      { subresource: 'status' },
    );
    return { kind, name, uid: object.metadata.uid };
  }
  return { datum, gateway, make, store };
}

/** `Kind name reason`, indented by depth. */
function outline({ object, conditions, causes, others, state }: Cause, depth = 0): string[] {
  const line = `${' '.repeat(depth)}${object.kind} ${object.name} ${conditions[0]?.reason ?? state}${others > 0 ? ` +${others}` : ''}`;
  return [line, ...causes.flatMap((cause) => outline(cause, depth + 1))];
}

test('the chain of causes leads from a workload to the claim that finds no room, through what is ready', async () => {
  const { datum, make } = await start();
  await make('Network', 'sample', 'Ready True Ready');
  await make('Location', 'sample', 'Ready True ProviderVerified');
  const workload = await make('Workload', 'sample', 'Available False NoAvailablePlacements');
  const deployment = await make('WorkloadDeployment', 'us', 'Available False ProvisioningNetwork', { owner: workload });
  await make('NetworkContext', 'sample', 'Ready True Ready');
  await make('NetworkBinding', 'us-net-0', 'Ready True NetworkContextReady', {
    owner: deployment,
    status: { networkContextRef: { namespace: 'default', name: 'sample' } },
  });
  await make('SubnetClaim', 'sample-0', 'Ready False RangeExhausted');
  await make('Instance', 'us-0', 'Ready False SchedulingGatesPresent', { owner: deployment });
  await datum.events.create({
    metadata: { namespace: 'default', name: 'sample-0.1' },
    involvedObject: { kind: 'SubnetClaim', namespace: 'default', name: 'sample-0' },
    type: 'Warning',
    reason: 'RangeExhausted',
    message: 'no room',
    lastTimestamp: at(9),
  });

  const why = await explainWhy(datum, { kind: 'Workload', namespace: 'default', name: 'sample' });
  expect(outline(why)).toEqual([
    'Workload sample NoAvailablePlacements',
    ' WorkloadDeployment us ProvisioningNetwork',
    '  Instance us-0 SchedulingGatesPresent',
    '  SubnetClaim sample-0 RangeExhausted',
  ]);
  expect(why).toMatchObject({ state: 'notReady', since: at(2) });
  expect(why).not.toHaveProperty('advice');
  expect(why.causes[0]?.causes[1]).toMatchObject({
    since: at(6),
    advice: expect.stringContaining('Delete subnets'),
    warning: { reason: 'RangeExhausted', message: 'no room', at: at(9) },
  });

  // From below: the gate is the deployment's affair.
  const instance = await explainWhy(datum, { kind: 'Instance', namespace: 'default', name: 'us-0' });
  expect(outline(instance)).toEqual([
    'Instance us-0 SchedulingGatesPresent',
    ' WorkloadDeployment us ProvisioningNetwork',
    '  SubnetClaim sample-0 RangeExhausted',
  ]);
});

test('many with the same reason are counted, not told one by one', async () => {
  const { datum, make } = await start();
  await make('Network', 'sample', 'Ready True Ready');
  await make('Location', 'sample', 'Ready True ProviderVerified');
  const workload = await make('Workload', 'sample', 'Available False NoAvailablePlacements');
  const deployment = await make('WorkloadDeployment', 'us', 'Available False ProvisioningInstances', {
    owner: workload,
  });
  for (let n = 0; n < 6; n += 1)
    await make('Instance', `us-${n}`, 'Programmed False ProvisioningProviderInstance', { owner: deployment });
  expect(outline(await explainWhy(datum, { kind: 'Workload', namespace: 'default', name: 'sample' }))).toEqual([
    'Workload sample NoAvailablePlacements',
    ' WorkloadDeployment us ProvisioningInstances +3',
    '  Instance us-0 ProvisioningProviderInstance',
    '  Instance us-1 ProvisioningProviderInstance',
    '  Instance us-2 ProvisioningProviderInstance',
  ]);
});

test('what is ready has no cause, what is not there is missing, what is kept says by whom', async () => {
  const { datum, make } = await start();
  await make('Network', 'sample', 'Ready True Ready');
  const network = { kind: 'Network', namespace: 'default', name: 'sample' };
  expect(await explainWhy(datum, network)).toMatchObject({ state: 'ready', causes: [] });
  expect(await explainWhy(datum, { ...network, name: 'none' })).toMatchObject({ state: 'missing' });
  await datum.networks.update({ namespace: 'default', name: 'sample' }, { metadata: { finalizers: ['a.example/b'] } });
  await datum.networks.delete({ namespace: 'default', name: 'sample' });
  expect(await explainWhy(datum, network)).toMatchObject({
    state: 'deleting',
    advice: expect.stringContaining('a.example/b'),
  });
});

import { expect, test } from 'vitest';
import type { Network, NetworkContext } from '../../kinds/generated/types.ts';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { contextFor, contextName, networkKey, plan } from './plan.ts';

const location = { name: 'dfw', namespace: 'infra' };
const binding = fixture('NetworkBinding', 'web-net-0', { spec: { network: { name: 'prod' }, location } });
const network = fixture('Network', 'prod');
const going = { deletionTimestamp: '2026-01-02T00:00:00Z' };

function context(...conditions: string[]): NetworkContext {
  return fixture('NetworkContext', 'prod-infra-dfw', { spec: { network: { name: 'prod' }, location }, conditions });
}

test.each<[string, Network | undefined, NetworkContext | undefined, boolean, string]>([
  ['no network', undefined, undefined, false, 'Ready=False NetworkNotFound: Network default/prod was not found'],
  [
    'network goes',
    fixture('Network', 'prod', { metadata: going }),
    undefined,
    false,
    'Ready=False NetworkNotFound: Network default/prod is being deleted',
  ],
  ['no context', network, undefined, true, 'Ready=False NetworkContextNotReady: Waiting for the network in dfw'],
  [
    'new context',
    network,
    context('Ready=Unknown Pending', 'Programmed=Unknown Pending'),
    false,
    'Ready=False NetworkContextNotReady: Waiting for NetworkContext prod-infra-dfw',
  ],
  [
    'context in the making',
    network,
    context('Ready=False ProgrammingInProgress', 'Programmed=False ProgrammingInProgress'),
    false,
    'Ready=False NetworkContextNotReady: Waiting for NetworkContext prod-infra-dfw',
  ],
  [
    'context failed',
    network,
    context('Ready=False NetworkFailedToCreate', 'Programmed=False NetworkFailedToCreate: no quota'),
    false,
    'Ready=False NetworkFailedToCreate: no quota',
  ],
  [
    'context about to go',
    network,
    context('Ready=False Unused', 'Programmed=True'),
    false,
    'Ready=False NetworkContextNotReady: Waiting for NetworkContext prod-infra-dfw',
  ],
  [
    'context ready',
    network,
    context('Ready=True', 'Programmed=True'),
    false,
    'Ready=True NetworkContextReady: NetworkContext prod-infra-dfw is ready',
  ],
])('%s', (_case, ofNetwork, ofContext, createContext, ready) => {
  const answer = plan(binding, ofNetwork, ofContext);
  expect([answer.createContext, textOf(answer.ready)]).toEqual([createContext, ready]);
});

test('the context is named once it is ready, and not before', () => {
  expect(plan(binding, network, context('Ready=True')).networkContextRef).toEqual({
    namespace: 'default',
    name: 'prod-infra-dfw',
  });
  expect(plan(binding, network, context('Ready=False Pending')).networkContextRef).toBeUndefined();
});

test('a ready context that goes is not ready', () => {
  const leaving = fixture('NetworkContext', 'prod-infra-dfw', { metadata: going, conditions: ['Ready=True'] });
  expect(textOf(plan(binding, network, leaving).ready)).toMatch(/NetworkContextNotReady: .* is being deleted/);
});

test('the context is that of the location, one that stays before one that goes', () => {
  const elsewhere = fixture('NetworkContext', 'other', {
    spec: { network: { name: 'prod' }, location: { name: 'dfw', namespace: 'default' } },
  });
  const leaving = fixture('NetworkContext', 'old', { metadata: going, spec: context().spec });
  expect(contextFor(binding, [elsewhere])).toBeUndefined();
  expect(contextFor(binding, [elsewhere, leaving, context()])?.metadata.name).toBe('prod-infra-dfw');
  expect(contextFor(binding, [leaving])?.metadata.name).toBe('old');
});

test('names and namespaces', () => {
  expect(contextName(binding)).toBe('prod-infra-dfw');
  expect(networkKey(binding)).toEqual({ namespace: 'default', name: 'prod' });
  const shared = fixture('NetworkBinding', 'b', { spec: { network: { name: 'prod', namespace: 'shared' }, location } });
  expect(networkKey(shared)).toEqual({ namespace: 'shared', name: 'prod' });
});

import { expect, it } from 'vitest';
import { asAdmin, testStore } from '../../../test/support/store.ts';
import { StoreError } from '../../../store/errors.ts';
import type { Change } from '../../../store/types.ts';
import { type Controller, done, type Watch } from '../controller.ts';
import { createChangeMap } from './map-change.ts';

const watching = (kind: string, watches: Watch[], more: Partial<Controller> = {}): Controller => ({
  name: `of-${kind}`,
  kind,
  watches,
  writes: [],
  reconcile: async () => done,
  ...more,
});

/** A store with a network, a binding that refers to it and a context that it owns, and the changes that made them. */
async function world() {
  const open = await testStore();
  const from = await open.store.revision();
  const inDefault = (name: string) => ({ namespace: 'default', name });
  const network = (
    await open.store.create(asAdmin, 'Network', { metadata: inDefault('net'), spec: { ipam: { mode: 'Auto' } } })
  ).object;
  const location = { name: 'loc', namespace: 'places' };
  await open.store.create(asAdmin, 'NetworkBinding', {
    metadata: inDefault('bind'),
    spec: { network: { name: 'net' }, location },
  });
  const { apiVersion, kind, metadata } = network;
  const ownerReferences = [{ apiVersion, kind, name: 'net', uid: metadata.uid }];
  await open.store.create(asAdmin, 'NetworkContext', {
    metadata: { ...inDefault('ctx'), ownerReferences },
    spec: { network: { name: 'net' }, location },
  });
  const changes = new Map<string, Change>();
  for await (const batch of open.store.changes(from, AbortSignal.timeout(10_000))) {
    for (const change of batch) changes.set(change.kind, change);
    if (changes.size >= 3) break;
  }
  const errors: unknown[] = [];
  const mapped = async (controller: Controller, of: string) => {
    const map = createChangeMap({ ...open, controllers: [controller], onError: (error) => errors.push(error) });
    return (await map(changes.get(of)!)).map(
      ({ key }) => `${key.kind === undefined ? '' : `${key.kind} `}${key.namespace}/${key.name}`,
    ); // each kind has a change
  };
  return { mapped, errors };
}

it('maps a change to its own key, to owners, to what it refers to and to what refers to it', async () => {
  const { mapped } = await world();
  expect(await mapped(watching('Network', []), 'Network')).toEqual(['default/net']);
  expect(await mapped(watching('Network', []), 'NetworkContext')).toEqual([]);
  expect(await mapped(watching('Network', [{ kind: 'NetworkContext', via: 'owner' }]), 'NetworkContext')).toEqual([
    'default/net',
  ]);
  expect(await mapped(watching('Network', [{ kind: 'NetworkBinding', via: 'reference' }]), 'NetworkBinding')).toEqual([
    'default/net',
  ]);
  expect(await mapped(watching('Location', [{ kind: 'NetworkBinding', via: 'reference' }]), 'NetworkBinding')).toEqual([
    'places/loc',
  ]);
  expect(await mapped(watching('NetworkBinding', [{ kind: 'Network', via: 'referrer' }]), 'Network')).toEqual([
    'default/bind',
  ]);
});

it('asks the controller which changes of its own kind concern it', async () => {
  const { mapped } = await world();
  expect(await mapped(watching('Network', [], { concerns: ({ type }) => type === 'DELETED' }), 'Network')).toEqual([]);
});

it('maps by function, for one kind or for all, and keeps going when one throws', async () => {
  const { mapped, errors } = await world();
  const broken: Watch = {
    kind: 'Network',
    via: 'map',
    map: () => {
      throw new Error('a mistake');
    },
  };
  const every: Watch = { kind: '*', via: 'map', map: ({ kind, key }) => [{ kind, ...key }] };
  expect(await mapped(watching('*', [every, broken]), 'Network')).toEqual(['Network default/net']);
  expect(errors).toEqual([new Error('a mistake')]);
});

it('does not go on without Postgres', async () => {
  const { mapped } = await world();
  const lost: Watch = { kind: 'Network', via: 'map', map: () => Promise.reject(new StoreError('Unavailable', 'gone')) };
  await expect(mapped(watching('Subnet', [lost]), 'Network')).rejects.toMatchObject({ code: 'Unavailable' });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import { objectsAt, stringAt } from '../core/json.ts';
import type { Ipv4Range } from '../net/cidr.ts';
import { overlaps, parseIpv4, parseIpv4Range } from '../net/cidr.ts';
import { emulatorInProcess } from './in-process.ts';

const project = '/compute/v1/projects/acme-edge';
const region = `${project}/regions/us-south1`;
const zone = `${project}/zones/us-south1-a`;

/** All that the model knows: names, and who uses whom. */
interface Model {
  readonly networks: Set<string>;
  readonly subnetworks: Map<string, { readonly network: string; readonly range: string }>;
  readonly machines: Map<string, { readonly subnetwork: string; running: boolean }>;
  readonly disks: Set<string>;
}

type Real = ReturnType<typeof emulatorInProcess>;

/** One step: what it should lead to by the model, which it changes, and what it leads to. */
interface Step {
  readonly text: string;
  expected(model: Model): string | undefined;
  run(real: Real): string | undefined;
}

const NETWORKS = ['net-a', 'net-b'];
const SUBNETWORKS = ['sub-a', 'sub-b', 'sub-c'];
const MACHINES = ['vm-a', 'vm-b', 'vm-c', 'vm-d', 'vm-e', 'vm-f'];
const RANGES = ['10.0.0.0/29', '10.0.0.0/24', '10.0.0.8/29', '10.1.0.0/29'];
const range = (text: string) => parseIpv4Range(text) as Ipv4Range;

const insertNetwork = (name: string): Step => ({
  text: `insert network ${name}`,
  expected({ networks }) {
    if (networks.has(name)) return 'alreadyExists';
    networks.add(name);
    return undefined;
  },
  run: ({ call }) => call('POST', `${project}/global/networks`, { name, autoCreateSubnetworks: false }).failure,
});

const deleteNetwork = (name: string): Step => ({
  text: `delete network ${name}`,
  expected({ networks, subnetworks }) {
    if (!networks.has(name)) return 'notFound';
    if ([...subnetworks.values()].some(({ network }) => network === name)) return 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE';
    networks.delete(name);
    return undefined;
  },
  run: ({ call }) => call('DELETE', `${project}/global/networks/${name}`).failure,
});

const insertSubnetwork = (name: string, network: string, ipCidrRange: string): Step => ({
  text: `insert subnetwork ${name} ${ipCidrRange} in ${network}`,
  expected({ networks, subnetworks }) {
    if (subnetworks.has(name)) return 'alreadyExists';
    if (!networks.has(network)) return 'notFound';
    const siblings = [...subnetworks.values()].filter((other) => other.network === network);
    if (siblings.some((other) => overlaps(range(other.range), range(ipCidrRange)))) return 'INVALID_USAGE';
    subnetworks.set(name, { network, range: ipCidrRange });
    return undefined;
  },
  run: ({ call }) =>
    call('POST', `${region}/subnetworks`, { name, network: `global/networks/${network}`, ipCidrRange }).failure,
});

const deleteSubnetwork = (name: string): Step => ({
  text: `delete subnetwork ${name}`,
  expected({ subnetworks, machines }) {
    if (!subnetworks.has(name)) return 'notFound';
    if ([...machines.values()].some(({ subnetwork }) => subnetwork === name)) return 'resourceInUseByAnotherResource';
    subnetworks.delete(name);
    return undefined;
  },
  run: ({ call }) => call('DELETE', `${region}/subnetworks/${name}`).failure,
});

const insertMachine = (name: string, subnetwork: string, autoDelete: boolean): Step => ({
  text: `insert machine ${name} in ${subnetwork}${autoDelete ? '' : ' with a disk that stays'}`,
  expected({ subnetworks, machines, disks }) {
    if (machines.has(name)) return 'alreadyExists';
    const place = subnetworks.get(subnetwork);
    if (disks.has(name)) {
      // The disk of the same name is taken as it is, once the rest is in order.
      if (place === undefined) return 'notFound';
    } else if (place === undefined) return 'notFound';
    const { first, last } = range(place.range);
    const there = [...machines.values()].filter((other) => other.subnetwork === subnetwork).length;
    if (there >= last - first + 1 - 4) return 'IP_SPACE_EXHAUSTED_WITH_DETAILS';
    machines.set(name, { subnetwork, running: true });
    disks.add(name);
    if (autoDelete) stays.delete(name);
    else stays.add(name);
    return undefined;
  },
  run: ({ call }) =>
    call('POST', `${zone}/instances`, {
      name,
      machineType: 'zones/us-south1-a/machineTypes/e2-small',
      disks: [
        {
          boot: true,
          autoDelete,
          initializeParams: { sourceImage: 'projects/debian-cloud/global/images/family/debian-12' },
        },
      ],
      networkInterfaces: [{ subnetwork: `regions/us-south1/subnetworks/${subnetwork}`, accessConfigs: [{}] }],
    }).failure,
});

/** Machines whose disks stay; part of the model that only steps on machines touch. */
const stays = new Set<string>();

const deleteMachine = (name: string): Step => ({
  text: `delete machine ${name}`,
  expected({ machines, disks }) {
    if (!machines.delete(name)) return 'notFound';
    if (!stays.has(name)) disks.delete(name);
    return undefined;
  },
  run: ({ call }) => call('DELETE', `${zone}/instances/${name}`).failure,
});

const switchMachine = (name: string, verb: 'start' | 'stop'): Step => ({
  text: `${verb} ${name}`,
  expected({ machines }) {
    const machine = machines.get(name);
    if (machine === undefined) return 'notFound';
    machine.running = verb === 'start';
    return undefined;
  },
  run: ({ call }) => call('POST', `${zone}/instances/${name}/${verb}`).failure,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...NETWORKS).map(insertNetwork),
  fc.constantFrom(...NETWORKS).map(deleteNetwork),
  fc
    .tuple(fc.constantFrom(...SUBNETWORKS), fc.constantFrom(...NETWORKS), fc.constantFrom(...RANGES))
    .map((all) => insertSubnetwork(...all)),
  fc.constantFrom(...SUBNETWORKS).map(deleteSubnetwork),
  fc
    .tuple(fc.constantFrom(...MACHINES), fc.constantFrom(...SUBNETWORKS), fc.boolean())
    .map((all) => insertMachine(...all)),
  fc.constantFrom(...MACHINES).map(deleteMachine),
  fc.tuple(fc.constantFrom(...MACHINES), fc.constantFrom('start', 'stop' as const)).map((all) => switchMachine(...all)),
);

function itemsOf(real: Real, path: string): readonly JsonObject[] {
  return objectsAt(real.call('GET', path).answer, 'items');
}

function namesOf(items: readonly JsonObject[]): readonly string[] {
  return items.map((item) => stringAt(item, 'name') ?? '').toSorted();
}

/** What must hold after every step, whatever it was. */
function checkInvariants(real: Real, model: Model): void {
  const subnetworks = itemsOf(real, `${region}/subnetworks`);
  const machines = itemsOf(real, `${zone}/instances`);
  expect(namesOf(itemsOf(real, `${project}/global/networks`))).toEqual([...model.networks].toSorted());
  expect(namesOf(subnetworks)).toEqual([...model.subnetworks.keys()].toSorted());
  expect(namesOf(machines)).toEqual([...model.machines.keys()].toSorted());
  expect(namesOf(itemsOf(real, `${zone}/disks`))).toEqual([...model.disks].toSorted());
  for (const left of subnetworks) {
    for (const right of subnetworks) {
      if (left === right || left['network'] !== right['network']) continue;
      expect(overlaps(range(String(left['ipCidrRange'])), range(String(right['ipCidrRange'])))).toBe(false);
    }
  }
  const nics = machines.flatMap((machine) => objectsAt(machine, 'networkInterfaces'));
  const internal = nics.map((nic) => `${String(nic['subnetwork'])} ${String(nic['networkIP'])}`);
  const external = nics.flatMap((nic) =>
    objectsAt(nic, 'accessConfigs').flatMap((config) => stringAt(config, 'natIP') ?? []),
  );
  expect(new Set(internal).size).toBe(internal.length);
  expect(new Set(external).size).toBe(external.length);
  for (const machine of machines) {
    const { subnetwork, running } = model.machines.get(String(machine['name'])) ?? { subnetwork: '', running: false };
    const { first, last } = range(model.subnetworks.get(subnetwork)?.range ?? '0.0.0.0/0');
    const address = parseIpv4(String(objectsAt(machine, 'networkInterfaces')[0]?.['networkIP'])) ?? -1;
    expect(address >= first + 2 && address <= last - 2).toBe(true);
    expect(machine['status']).toBe(running ? 'RUNNING' : 'TERMINATED');
  }
  // No address is held by something that is gone.
  const { indexes } = real.world;
  for (const name of SUBNETWORKS) {
    const key = `projects/acme-edge/regions/us-south1/subnetworks/${name}`;
    const users = [...model.machines.values()].filter(({ subnetwork }) => subnetwork === name).length;
    expect(indexes.pools.takenCount(key)).toBe(users);
  }
  expect(indexes.pools.takenCount('external')).toBe(external.length);
  expect(indexes.usage('projects/acme-edge', 'NETWORKS')).toBe(model.networks.size);
  expect(indexes.usage('projects/acme-edge/regions/us-south1', 'INSTANCES')).toBe(model.machines.size);
}

test('random calls lead to what a small model says', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      stays.clear();
      const model: Model = { networks: new Set(), subnetworks: new Map(), machines: new Map(), disks: new Set() };
      const real = emulatorInProcess();
      for (const { text, expected, run } of steps) {
        const wanted = expected(model);
        expect({ text, failure: run(real) }).toEqual({ text, failure: wanted });
        checkInvariants(real, model);
      }
      real.emulator.close();
    }),
    { numRuns: 60 },
  );
});

test('operations only go forward, and a request that comes again finds its own', () => {
  const order = ['PENDING', 'RUNNING', 'DONE'];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 400 }), fc.boolean()), { maxLength: 25 }),
      (moves) => {
        const real = emulatorInProcess('short', 'manual');
        const seen = new Map<string, number>();
        for (const [index, waitMs, repeats] of moves) {
          const id = `0f0e0d0c-0b0a-4908-8706-05040302010${index}`;
          const insert = () =>
            real.call('POST', `${project}/global/networks?requestId=${id}`, {
              name: `net-${index}`,
              autoCreateSubnetworks: false,
            });
          const first = insert();
          if (repeats) expect(insert().answer['name']).toBe(first.answer['name']);
          real.world.clock.advance(waitMs);
          for (const operation of itemsOf(real, `${project}/global/operations`)) {
            const name = String(operation['name']);
            const state = order.indexOf(String(operation['status']));
            expect(state).toBeGreaterThanOrEqual(seen.get(name) ?? 0);
            seen.set(name, state);
          }
        }
        expect(seen.size).toBe(new Set(moves.map(([index]) => index)).size);
        real.emulator.close();
      },
    ),
    { numRuns: 60 },
  );
});

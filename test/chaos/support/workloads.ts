import { setTimeout as sleep } from 'node:timers/promises';
import type { Ready } from '../../../cli/ready-file.ts';
import { cloudState, objectsOf } from '../../support/cloud.ts';
import { ask, eventually, send } from '../../support/graphql.ts';

type World = Pick<Ready, 'graphql' | 'token' | 'gcpControl'>;

const cities = { DFW: 'us-south1', LHR: 'europe-west2' };
const most = 3;

/** Makes a network and the places of workloads. */
export async function prepare(to: World): Promise<void> {
  for (const [city, region] of Object.entries(cities)) {
    const input = {
      metadata: { namespace: 'default', name: city.toLowerCase() },
      spec: {
        locationClassName: 'self-managed',
        topology: { 'topology.datum.net/city-code': city },
        provider: { gcp: { projectId: 'acme', region, zone: `${region}-a` } },
      },
    };
    await ask(to, 'mutation ($input: LocationInput!) { createLocation(input: $input) { userErrors { message } } }', {
      input,
    });
  }
  const input = { metadata: { namespace: 'default', name: 'default' }, spec: { ipam: { mode: 'Auto' } } };
  await ask(to, 'mutation ($input: NetworkInput!) { createNetwork(input: $input) { userErrors { message } } }', {
    input,
  });
}

/** Declares a workload, changes how many machines it wants, removes it and so on, until it is stopped. */
export async function declare(to: World, n: number, random: () => number, isDone: () => boolean): Promise<void> {
  const name = `w${n}`;
  while (!isDone()) {
    const minReplicas = 1 + Math.floor(random() * most);
    const choice = random();
    const [query, variables] =
      choice < 0.15
        ? [
            'mutation ($name: String!) { deleteWorkload(namespace: "default", name: $name) { userErrors { message } } }',
            { name },
          ]
        : [
            'mutation ($input: WorkloadInput!) { applyWorkload(input: $input, fieldManager: "chaos", force: true) { userErrors { message } } }',
            { input: workload(name, minReplicas) },
          ];
    // Whether it was done does not matter: what counts is what is declared in the end.
    await send(to, query, variables).catch(() => {});
    await sleep(500 + 3_000 * random());
  }
}

function workload(name: string, minReplicas: number): object {
  const containers = [{ name: 'main', image: 'docker.io/library/nginx:1.29' }];
  return {
    metadata: { namespace: 'default', name },
    spec: {
      template: {
        spec: {
          runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } },
          networkInterfaces: [{ network: { name: 'default' } }],
        },
      },
      placements: [{ name: 'p', cityCodes: Object.keys(cities), scaleSettings: { minReplicas } }],
    },
  };
}

interface Found {
  readonly workloads: {
    readonly nodes: readonly {
      readonly metadata: { readonly name: string; readonly deletionTimestamp: string | null };
      readonly spec: { readonly placements: readonly { readonly scaleSettings: { readonly minReplicas: number } }[] };
    }[];
  };
  readonly instances: {
    readonly nodes: readonly {
      readonly metadata: { readonly name: string; readonly uid: string };
      readonly status: {
        readonly conditions: readonly { readonly type: string; readonly status: string }[];
        readonly networkInterfaces:
          | readonly { readonly assignments: { readonly networkIP: string | null } | null }[]
          | null;
      } | null;
    }[];
  };
}

const everything = `{
  workloads(first: 200) { nodes { metadata { name deletionTimestamp } spec { placements { scaleSettings { minReplicas } } } } }
  instances(first: 200) { nodes { metadata { name uid } status { conditions { type status } networkInterfaces { assignments { networkIP } } } } } }`;

/** Whether there is exactly what is declared, all of it Ready, and exactly that in the cloud; else what is not so. */
async function difference(to: World): Promise<string> {
  const { data, errors } = await send<Found>(to, everything);
  if (data === undefined || errors !== undefined) return JSON.stringify(errors);
  const wanted = data.workloads.nodes.reduce(
    (sum, { spec }) => sum + Object.keys(cities).length * (spec.placements[0]?.scaleSettings.minReplicas ?? 0),
    0,
  );
  const leaving = data.workloads.nodes.filter(({ metadata }) => metadata.deletionTimestamp !== null);
  if (leaving.length > 0) return `${leaving.length} workloads are being removed`;
  const instances = data.instances.nodes;
  const ready = instances.filter(({ status }) =>
    status?.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  if (instances.length !== wanted || ready.length !== wanted)
    return `${wanted} wanted, ${instances.length} there, ${ready.length} ready`;
  const machines = objectsOf(await cloudState(to), 'instances').map(({ name }) => String(name));
  const names = instances.map(({ metadata }) => `instance-${metadata.uid}`);
  const surplus = machines.filter((name) => !names.includes(name));
  const missing = names.filter((name) => !machines.includes(name));
  if (surplus.length > 0 || missing.length > 0)
    return `machines nobody wants: ${surplus.join(', ')}; wanted and not there: ${missing.join(', ')}`;
  return '';
}

/** Waits until all that is declared is there, and nothing else. */
export async function settled(to: World, timeoutMs: number): Promise<void> {
  await eventually(
    () => difference(to).catch(String),
    (found) => found === '',
    timeoutMs,
  );
}

/** Addresses that several machines or instances have. */
export async function doubleAddresses(to: World): Promise<string[]> {
  const { instances } = await ask<Found>(to, everything);
  const given = instances.nodes.map(({ status }) => status?.networkInterfaces?.[0]?.assignments?.networkIP ?? '');
  const inCloud = objectsOf(await cloudState(to), 'instances').map(({ networkInterfaces: [nic] }) =>
    String(nic.networkIP),
  );
  return [given, inCloud].flatMap((all) => all.filter((one, index) => all.indexOf(one) !== index));
}

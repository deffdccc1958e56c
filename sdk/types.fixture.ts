/**
 * What must and what must not compile; checked with every other file, and by types.test.ts as a program that knows neither
 * Node nor this repository. Nothing here runs.
 */
import { createClient, createDatum, type Informer, instances, sse, type Workload, workloads } from './main.ts';

const datum = createDatum({ url: '', token: async ({ refresh }) => (refresh ? 'new' : 'old'), streams: sse });
const key = { namespace: 'default', name: 'web' } as const;

/** Fails to compile unless both are the same type. */
function same<A>() {
  return <B>(...args: [A] extends [B] ? ([B] extends [A] ? [] : [never]) : [never]): void => void args;
}

export async function answers(): Promise<void> {
  const whole = await datum.workloads.get(key);
  same<typeof whole>()<Workload>();
  same<typeof whole.apiVersion>()<'compute.datumapis.com/v1alpha'>();
  same<typeof whole.spec.instanceMode>()<'Direct' | 'Group' | undefined>();
  // @ts-expect-error A relation comes only where it is selected.
  whole.deployments;

  const part = await datum.workloads.get({
    ...key,
    select: {
      id: true,
      viewerCan: { update: true },
      metadata: { name: true, labels: true },
      status: { conditions: { type: true, status: true } },
      deployments: {
        $: { first: 10, orderBy: 'NAME', filter: { labelSelector: 'a=b' } },
        nodes: { metadata: { name: true }, location: { spec: { provider: true } }, instances: { nodes: true } },
      },
      networks: true,
    },
  });
  same<typeof part.id>()<string>();
  same<typeof part.viewerCan>()<{ update: boolean }>();
  same<typeof part.metadata>()<{ name: string; labels?: Record<string, string> }>();
  same<NonNullable<typeof part.status>>()<{ conditions?: { type: string; status: 'True' | 'False' | 'Unknown' }[] }>();
  const [deployment] = part.deployments.nodes;
  const region: string | undefined = deployment?.location?.spec.provider.gcp?.region;
  const address: string | undefined =
    deployment?.instances.nodes[0]?.status?.networkInterfaces?.[0]?.assignments?.networkIP;
  const mtu: number | undefined = part.networks[0]?.spec.mtu;
  void [region, address, mtu];
  // @ts-expect-error What is not selected is not there.
  part.spec;
  // @ts-expect-error Neither in parts.
  part.metadata.uid;

  // @ts-expect-error A relation to one object may lead nowhere.
  deployment?.location.spec;
  const perhaps = await datum.namespaces.find({ name: 'default' });
  // @ts-expect-error It may not be there.
  perhaps.metadata;
}

export async function questions(): Promise<void> {
  // @ts-expect-error There is no such field.
  await datum.workloads.get({ ...key, select: { metadata: { nome: true } } });
  // @ts-expect-error Nor such a relation.
  await datum.workloads.get({ ...key, select: { deployments: { nodes: { metadat: true } } } });
  // @ts-expect-error Pages have nodes.
  await datum.workloads.get({ ...key, select: { deployments: { metadata: true } } });
  // @ts-expect-error This kind has namespaces,
  await datum.workloads.get({ name: 'web' });
  // @ts-expect-error and this has none.
  await datum.namespaces.get(key);
  // @ts-expect-error Orders have names.
  datum.workloads.list({ orderBy: 'AGE' });
}

export async function writes(template: Workload['spec']['template']): Promise<void> {
  const placements = [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }];
  await datum.workloads.create({ metadata: key, spec: { template, placements } }, { dryRun: true });
  await datum.workloads.create({
    kind: 'Workload',
    metadata: { generateName: 'web-' },
    spec: { template, placements },
  });
  // @ts-expect-error Its spec is needed.
  await datum.workloads.create({ metadata: key });
  // @ts-expect-error Another kind.
  await datum.workloads.create({ kind: 'Network', metadata: key, spec: { template, placements } });
  // @ts-expect-error The server alone writes the status.
  await datum.workloads.create({ metadata: key, spec: { template, placements }, status: {} });
  await datum.workloads.update(key, { metadata: { labels: { gone: null } }, spec: { updateStrategy: null } });
  // @ts-expect-error A number.
  await datum.networks.update(key, { spec: { mtu: 'large' } });
  // @ts-expect-error The name is fixed for life.
  await datum.networks.update(key, { metadata: { name: 'other' } });
  const { created, object } = await datum.networks.apply(
    { metadata: key, spec: { mtu: 1400 } },
    { select: { kind: true } },
  );
  same<typeof created>()<boolean>();
  same<typeof object>()<{ kind: 'Network' }>();
  // @ts-expect-error An apply says which object.
  await datum.networks.apply({ metadata: { name: 'web' }, spec: {} });
  await datum.networks.delete(key, { propagation: 'FOREGROUND' });
  // @ts-expect-error In capitals, as the API has it.
  await datum.networks.delete(key, { propagation: 'Foreground' });
}

export async function streams(): Promise<void> {
  for await (const event of datum.instances.watch({ select: { metadata: { name: true } } })) {
    if (event.type === 'BOOKMARK') same<typeof event.resumeToken>()<string>();
    // @ts-expect-error A bookmark is of no object.
    event.object;
    if (event.type === 'ADDED') same<typeof event.object.metadata>()<{ name: string }>();
  }
  const informer = datum.workloads.informer({
    indexes: { city: ({ spec }) => spec.placements.flatMap(({ cityCodes }) => cityCodes) },
  });
  same<typeof informer>()<Informer<Workload, 'city'>>();
  // @ts-expect-error There is no such index.
  informer.by('town', 'DFW');
  same<Awaited<ReturnType<typeof waiting>>>()<Workload>();
}

const waiting = () =>
  datum.workloads.waitFor(key, ({ status }) => (status?.readyReplicas ?? 0) > 1, { timeoutMs: 1_000 });

const few = createClient({ url: '', kinds: { workloads, machines: instances } });
same<Awaited<ReturnType<typeof few.machines.get>>['kind']>()<'Instance'>();
// @ts-expect-error This client does not know networks.
few.networks;

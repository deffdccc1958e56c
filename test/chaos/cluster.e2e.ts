import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { ask, eventually } from '../support/graphql.ts';
import { losableRedis, noRedis } from '../support/redis.ts';
import { seeded, sized } from '../support/scale.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { type Door, graphqlDoor, kubernetesDoor } from './support/doors.ts';
import { noExternalPostgres, startPrimary, startStandby } from './support/external-postgres.ts';
import { followByKubernetes, followBySdk, type Follower } from './support/followers.ts';
import { type Change, contradictions, type Deed, sharedKeys, work } from './support/registers.ts';
import { declare, doubleAddresses, prepare, settled } from './support/workloads.ts';

const missing = noRedis ?? noExternalPostgres;
const settleTimeoutMs = 120_000;

/** Clients and watchers at work in a cluster, until `finish`. */
async function populate({ graphql, kubernetes, ca, token, ready }: Cluster, clients: number, watchers: number) {
  const broken: string[] = [];
  await prepare(ready);
  const doorFor = (n: number): Door =>
    n % 2 === 0
      ? graphqlDoor(graphql.port, token, (answer) => broken.push(answer))
      : kubernetesDoor(kubernetes.port, ca, token, (answer) => broken.push(answer));
  const first = doorFor(0);
  for (let n = 0; n < 10; n += 1)
    await ask(
      ready,
      'mutation ($name: String!) { createNamespace(input: { metadata: { name: $name } }) { userErrors { message } } }',
      { name: `ns-${n}` },
    );
  for (const { namespace, name } of sharedKeys) await first.create(namespace, name, `${name} begins`);

  const followers: Follower[] = Array.from({ length: watchers }, (_, n) =>
    n % 2 === 0
      ? followBySdk(graphql.port, token, `ns-${n % 10}`)
      : followByKubernetes(kubernetes.port, ca, token, `ns-${n % 10}`),
  );
  let isDone = false;
  const declaring = Math.ceil(clients / 5);
  const declared = Array.from({ length: declaring }, (_, n) => declare(ready, n, seeded(`declare ${n}`), () => isDone));
  const writing = Array.from({ length: clients - declaring }, (_, n) =>
    work(doorFor(n), n, seeded(`client ${n}`), () => isDone),
  );
  return {
    broken,
    followers,
    /** Stops the clients; answers what they did. */
    async finish(): Promise<Deed[]> {
      isDone = true;
      await Promise.all(declared);
      return (await Promise.all(writing)).flat();
    },
  };
}

/** All changes of config maps that the log holds. */
async function changesIn(url: string): Promise<Change[]> {
  return query(
    url,
    `select revision, type, namespace || '/' || name as key, coalesce(object -> 'data' ->> 'mark', '') as mark
     from change where kind = 'ConfigMap' order by revision`,
    ({ revision, ...rest }) => ({ ...rest, revision: BigInt(revision) }) as Change,
  );
}

const overlaps = `select a.block::text from ipam_block a join ipam_block b
  on a.space = b.space and a.first < b.first and a.block && b.block where a.owner is not null and b.owner is not null`;

async function query<T>(url: string, text: string, read: (row: any) => T): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows.map(read);
  } finally {
    await client.end();
  }
}

/** What everybody may rely on, whatever went wrong on the way. */
async function prove(
  { graphql, token, ready }: Cluster,
  url: string,
  deeds: readonly Deed[],
  { followers, broken }: Awaited<ReturnType<typeof populate>>,
): Promise<void> {
  expect(contradictions(deeds, await changesIn(url))).toEqual([]);
  expect(broken).toEqual([]);
  const final = new Map<string, [string, string][]>();
  for (let n = 0; n < 10; n += 1) {
    const rows = await query(
      url,
      `select name, revision::text as revision from resource where kind = 'ConfigMap' and namespace = 'ns-${n}'`,
      (row) => [row.name, row.revision] as [string, string],
    );
    final.set(`ns-${n}`, rows.toSorted());
  }
  // Everybody at once, so that what is wrong with some is seen as a whole.
  await eventually(
    async () =>
      followers.flatMap((follower) => [...follower.wrong, ...misled(follower, final.get(follower.namespace) ?? [])]),
    (found) => found.length === 0,
  );
  expect(await query(url, overlaps, ({ block }) => String(block))).toEqual([]);
  expect(await doubleAddresses(ready)).toEqual([]);
  // What a new reader finds is what the log says.
  const door = graphqlDoor(graphql.port, token, () => {});
  for (const { namespace, name } of sharedKeys)
    expect(String((await door.read(namespace, name))?.revision)).toBe(
      final.get(namespace)?.find(([found]) => found === name)?.[1],
    );
}

/** How what somebody was told differs from what there is. */
function misled({ by, namespace, state }: Follower, final: readonly (readonly [string, string])[]): string[] {
  const missing = final.flatMap(([name, revision]) => (state.get(name) === revision ? [] : [name]));
  const names = new Set(final.map(([name]) => name));
  const surplus = [...state.keys()].filter((name) => !names.has(name));
  if (missing.length === 0 && surplus.length === 0) return [];
  const some = (all: readonly string[]): string => `${all.length} (${all.slice(0, 3).join(', ')})`;
  return [`${by} in ${namespace}: ${some(missing)} not as they are, ${some(surplus)} that are gone`];
}

/** How clients fared, for whoever reads the output. */
function summary(deeds: readonly Deed[]): string {
  const counts = Object.entries(Object.groupBy(deeds, ({ does, outcome }) => `${does} ${outcome.is}`));
  return counts.map(([what, found = []]) => `${what} ${found.length}`).join(', ');
}

test.skipIf(missing !== undefined)(
  'everything is killed again and again: nothing acknowledged is lost, nobody is told wrong, and the cloud is as declared',
  async () => {
    const chaosMs = 1_000 * sized(1_200, { full: 60, quick: 15 });
    const random = seeded('cluster');
    const postgres = await startPrimary();
    const redis = await losableRedis();
    const size = { gateways: 3, subgraphs: 2, workers: 3, adapters: 2 };
    const cluster = await startCluster(postgres.url, () => postgres.port, redis, size);
    const people = await populate(cluster, sized(50, { full: 25, quick: 10 }), sized(200, { full: 60, quick: 20 }));

    const down = new Set<string>();
    const coming: Promise<void>[] = [];
    let faults = 0;
    const untilMs = performance.now() + chaosMs;
    while (performance.now() < untilMs) {
      await sleep(500 + 2_500 * random());
      faults += 1;
      const way = cluster.ways[Math.floor(random() * cluster.ways.length)];
      if (random() < 0.25) {
        way?.cut(() => random() < 0.7);
        continue;
      }
      const member = cluster.members[Math.floor(random() * cluster.members.length)];
      if (member === undefined || down.has(member.name)) continue;
      down.add(member.name);
      coming.push(member.crash().then(() => void down.delete(member.name)));
    }
    const lastMs = performance.now();
    await Promise.all(coming);
    const deeds = await people.finish();
    await settled(cluster.ready, settleTimeoutMs);
    console.log(
      `${faults} faults in ${chaosMs / 1_000} s; ${summary(deeds)}; settled ${Math.round(performance.now() - lastMs)} ms after the last`,
    );
    await prove(cluster, postgres.url, deeds, people);
  },
  2_400_000,
);

test.skipIf(missing !== undefined)(
  'Postgres fails over under load: what was acknowledged stays, and clients see only errors that pass',
  async () => {
    const loadMs = 1_000 * sized(60, { full: 10, quick: 3 });
    const primary = await startPrimary();
    const size = { gateways: 1, subgraphs: 1, workers: 1, adapters: 1 };
    let current = primary;
    const cluster = await startCluster(primary.url, () => current.port, undefined, size);
    const standby = await startStandby(primary);
    const people = await populate(cluster, 20, 20);
    await sleep(loadMs);
    await primary.kill();
    await sleep(1_000);
    await standby.promote();
    current = standby;
    await sleep(loadMs);
    const deeds = await people.finish();
    await settled(cluster.ready, settleTimeoutMs);
    console.log(`fail-over: ${summary(deeds)}`);
    await prove(cluster, standby.url, deeds, people);
  },
  1_200_000,
);

if (missing !== undefined) test.skip(`not run: ${missing}`);

import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createDatum } from '@datum/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { certificates } from '../cli/certificates.ts';
import { startBalancer } from './support/balancer.ts';
import { eventually } from './support/graphql.ts';
import { type ProductProcess, startProductProcess, temporaryDataDir } from './support/product.ts';

const token = 'a-token-of-the-rolling-test';
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const configMaps = '/api/v1/namespaces/default/configmaps';

/** A way to make a config map; rejects or answers something else than 2xx when that failed. */
type Create = (name: string) => Promise<number>;

/** Several replicas of both doors on one Postgres, each behind a balancer of its own. */
async function start() {
  const owner = await startProductProcess({ env: { DATUM_ROLES: 'emulator', DATUM_TOKEN: token } });
  const folder = temporaryDataDir();
  const { ca, server } = await certificates(folder, '127.0.0.1');
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const tls = { DATUM_TLS_CERT: file('cert.pem', server.cert), DATUM_TLS_KEY: file('key.pem', server.key) };
  const shared = {
    DATABASE_URL: owner.ready.database,
    DATUM_TOKEN: token,
    DATUM_SECRET_KEY: readFileSync(join(owner.dataDir, 'secret.key'), 'utf8').trim(),
    DATUM_DRAIN_SECONDS: '5',
  };
  const roles = {
    graphql: { env: { DATUM_ROLES: 'gateway,subgraph' }, balancer: await startBalancer() },
    kubernetes: { env: { DATUM_ROLES: 'kubernetes', ...tls }, balancer: await startBalancer() },
  };
  const running: Record<keyof typeof roles, ProductProcess[]> = { graphql: [], kubernetes: [] };
  const originOf = (door: keyof typeof roles, { ready }: ProductProcess): string => new URL(ready[door] ?? '').origin;
  const untilReady = (door: keyof typeof roles): Promise<void> =>
    roles[door].balancer.untilReady(running[door].map((one) => originOf(door, one)));
  async function add(door: keyof typeof roles): Promise<void> {
    const { env, balancer } = roles[door];
    const replica = await startProductProcess({ env: { ...shared, ...env } });
    running[door].push(replica);
    balancer.add(originOf(door, replica));
    await untilReady(door);
  }
  for (const door of ['graphql', 'kubernetes'] as const) for (let n = 0; n < 2; n += 1) await add(door);
  return {
    ca,
    ports: { graphql: roles.graphql.balancer.port, kubernetes: roles.kubernetes.balancer.port },
    /** Starts a replica anew, as a Deployment does: first one more, then one less. Answers the exit code of the old one. */
    async replace(door: keyof typeof roles): Promise<number | null> {
      await add(door);
      const [old] = running[door].splice(0, 1) as [ProductProcess];
      const code = await old.stop();
      roles[door].balancer.remove(originOf(door, old));
      return code;
    },
  };
}

/** GraphQL over HTTP/1.1. */
function overGraphql(port: number): Create {
  const query =
    'mutation ($input: ConfigMapInput!) { createConfigMap(input: $input) { configMap { id } userErrors { message } } }';
  return async (name) => {
    const body = JSON.stringify({ query, variables: { input: { metadata: { name, namespace: 'default' } } } });
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { data?: { createConfigMap?: { configMap?: unknown } } };
    return answer.data?.createConfigMap?.configMap == null ? 599 : response.status;
  };
}

const manifest = (name: string) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

/** The Kubernetes API over HTTP/1.1, on connections that are kept. */
function overHttp1(port: number, ca: string): Create {
  const agent = new Agent({ keepAlive: true, ca });
  onTestFinished(() => agent.destroy());
  return (name) =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: configMaps, method: 'POST', agent, headers }, (response) => {
        json(response).then(() => resolve(response.statusCode ?? 0), reject);
      })
        .on('error', reject)
        .end(manifest(name));
    });
}

/**
 * The Kubernetes API over HTTP/2, as RFC 9113 6.8 says: whoever is told to go away takes a new connection, and sends again there
 * what the server says it did not take.
 */
function overHttp2(port: number, ca: string): Create {
  let session: ClientHttp2Session | undefined;
  const lastTaken = new WeakMap<ClientHttp2Session, number>();
  const open = (): ClientHttp2Session => {
    const opened = connectHttp2(`https://127.0.0.1:${port}`, { ca });
    const leave = (): void => {
      if (session === opened) session = undefined;
    };
    opened.on('goaway', (_code: number, last: number) => void lastTaken.set(opened, last));
    opened.on('goaway', leave).on('close', leave).on('error', leave);
    return opened;
  };
  onTestFinished(() => session?.destroy());

  const send = (name: string): Promise<number | 'not taken'> =>
    new Promise((resolve) => {
      const own = (session ??= open());
      const stream = own.request({ ':method': 'POST', ':path': configMaps, ...headers });
      let status = 0;
      stream.on('response', (answered) => (status = answered[':status'] ?? 0)).on('error', () => {});
      stream.on('close', () => {
        const isTaken = (stream.id ?? 0) <= (lastTaken.get(own) ?? Infinity);
        resolve(status === 0 && !isTaken ? 'not taken' : status);
      });
      stream.resume().end(manifest(name));
    });
  return async (name) => {
    for (;;) {
      const answer = await send(name);
      if (answer !== 'not taken') return answer;
    }
  };
}

test('replicas of both doors are replaced under load: no request fails, no watch misses or repeats an event', async () => {
  const { ca, ports, replace } = await start();
  const ways: Record<string, Create> = {
    graphql: overGraphql(ports.graphql),
    http1: overHttp1(ports.kubernetes, ca),
    http2: overHttp2(ports.kubernetes, ca),
  };
  const datum = createDatum({
    url: `http://127.0.0.1:${ports.graphql}/graphql`,
    token,
    retry: { attempts: 1_000, baseDelayMs: 20, maxDelayMs: 200 },
  });
  const seen: string[] = [];
  const watching = new AbortController();
  const isLive = Promise.withResolvers<void>();
  void (async () => {
    for await (const event of datum.configMaps.watch({ namespace: 'default', signal: watching.signal })) {
      if (event.type === 'ADDED') seen.push(event.object.metadata.name);
      else if (event.type === 'BOOKMARK') isLive.resolve();
      else seen.push(event.type);
    }
  })().catch(isLive.reject);
  onTestFinished(() => {
    watching.abort();
    datum.close();
  });
  await isLive.promise;

  const failures: string[] = [];
  const made: string[] = [];
  let isDone = false;
  const load = Object.entries(ways).flatMap(([way, create]) =>
    Array.from({ length: 4 }, async (_, worker) => {
      for (let n = 0; !isDone; n += 1) {
        const name = `${way}-${worker}-${n}`;
        const answer = await create(name).catch(String);
        if (answer === 200 || answer === 201) made.push(name);
        else failures.push(`${name}: ${answer}`);
      }
    }),
  );
  const codes: (number | null)[] = [];
  for (let round = 0; round < 2; round += 1) {
    codes.push(await replace('graphql'), await replace('kubernetes'));
  }
  isDone = true;
  await Promise.all(load);
  expect(failures).toEqual([]);
  expect(codes).toEqual([0, 0, 0, 0]);
  for (const way of Object.keys(ways)) expect(made.some((name) => name.startsWith(way))).toBe(true);
  await eventually(
    async () => seen.length,
    (count) => count >= made.length,
  );
  expect(seen.toSorted()).toEqual(made.toSorted());
});

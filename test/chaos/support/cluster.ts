import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { certificates } from '../../../cli/certificates.ts';
import type { Ready } from '../../../cli/ready-file.ts';
import { type CuttingProxy, cuttingProxy } from '../../clients/support/cutting-proxy.ts';
import { type Balancer, startBalancer } from '../../support/balancer.ts';
import { freePort } from '../../support/free-port.ts';
import { launch, type Launched, untilReady } from '../../support/launch.ts';
import { temporaryDataDir } from '../../support/product.ts';
import type { TestRedis } from '../../support/redis.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Something that can be killed and comes back at the same place. */
export interface Member {
  readonly name: string;
  /** Kills it and starts it again; resolves when it is there. */
  crash(): Promise<void>;
  /** What it printed, in all its lives. */
  output(): string;
}

/** A product of many processes, each behind what its clients see of it. */
export interface Cluster {
  readonly token: string;
  readonly ca: string;
  readonly graphql: Balancer;
  readonly kubernetes: Balancer;
  /** All that may be killed. */
  readonly members: readonly Member[];
  /** Ways whose connections may be cut. */
  readonly ways: readonly Pick<CuttingProxy, 'cut'>[];
  /** As support/cloud.ts and support/graphql.ts take it. */
  readonly ready: Pick<Ready, 'graphql' | 'token' | 'gcpControl'>;
}

export interface Size {
  readonly gateways: number;
  readonly subgraphs: number;
  readonly workers: number;
  readonly adapters: number;
}

/** Starts it on a Postgres, which is reached by `postgresPort()`, and on a Redis. Ends with the running test. */
export async function startCluster(
  databaseUrl: string,
  postgresPort: () => number,
  redis: TestRedis | undefined,
  size: Size,
): Promise<Cluster> {
  const token = 'a-token-of-the-cluster-test';
  const toPostgres = await cuttingProxy(postgresPort);
  onTestFinished(() => toPostgres.close());
  const database = new URL(databaseUrl);
  database.port = String(toPostgres.port);
  const shared = {
    DATABASE_URL: database.href,
    DATUM_TOKEN: token,
    DATUM_SECRET_KEY: randomBytes(32).toString('base64'),
    DATUM_LOG_LEVEL: 'error',
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  const folder = temporaryDataDir();
  const { ca, server } = await certificates(folder, '127.0.0.1');
  const keys = { DATUM_TLS_CERT: join(folder, 'cert.pem'), DATUM_TLS_KEY: join(folder, 'key.pem') };
  writeFileSync(keys.DATUM_TLS_CERT, server.cert);
  writeFileSync(keys.DATUM_TLS_KEY, server.key);

  const emulator = await startEmulator();
  const [graphql, subgraphs, kubernetes] = [await startBalancer(), await startBalancer(), await startBalancer()];
  const urls = ['core', 'networking', 'compute'].map((area) => `${area}=http://127.0.0.1:${subgraphs.port}/${area}`);
  const roles = {
    subgraph: { count: size.subgraphs, env: {}, balancer: subgraphs, port: 'DATUM_SUBGRAPH_PORT', scheme: 'http' },
    gateway: {
      count: size.gateways,
      env: { DATUM_SUBGRAPH_URLS: urls.join(',') },
      balancer: graphql,
      port: 'DATUM_PORT',
      scheme: 'http',
    },
    kubernetes: {
      count: size.adapters,
      env: keys,
      balancer: kubernetes,
      port: 'DATUM_KUBERNETES_PORT',
      scheme: 'https',
    },
    'worker,dispatcher': {
      count: size.workers,
      env: { DATUM_GCP_ENDPOINT: emulator.origin },
      balancer: undefined,
      port: undefined,
      scheme: undefined,
    },
  };
  const members: Member[] = [emulator.member];
  if (redis !== undefined) members.push({ name: 'redis', crash: () => redis.lose(), output: () => '' });
  for (const [role, { count, env, balancer, port, scheme }] of Object.entries(roles)) {
    const started: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const at = port === undefined ? undefined : await freePort();
      const own = { ...shared, ...env, DATUM_ROLES: role, ...(port === undefined ? {} : { [port]: String(at) }) };
      members.push(await startMember(`${role} ${n}`, own));
      if (at !== undefined) started.push(`${scheme}://127.0.0.1:${at}`);
    }
    for (const origin of started) balancer?.add(origin);
    await balancer?.untilReady(started);
  }
  return {
    token,
    ca,
    graphql,
    kubernetes,
    members,
    ways: [toPostgres, graphql, subgraphs, kubernetes],
    ready: { graphql: `http://127.0.0.1:${graphql.port}/graphql`, token, gcpControl: emulator.controlOrigin },
  };
}

/** A process that is started again whenever it ends, as whoever runs it would do. */
async function startMember(name: string, env: Readonly<Record<string, string>>): Promise<Member> {
  const dataDir = temporaryDataDir();
  let past = '';
  let isOver = false;
  let running: Launched;

  function start(): void {
    running = launch(dataDir, env);
    const own = running;
    void own.ended.then(() => {
      past += own.output();
      if (!isOver) start();
    });
  }

  /** Resolves when a process that came after `old` is ready. */
  async function untilBack(old?: Launched): Promise<void> {
    for (;;) {
      if (
        running !== old &&
        (await untilReady(running).then(
          () => true,
          () => false,
        ))
      )
        return;
      await sleep(10);
    }
  }
  start();
  onTestFinished(async () => {
    isOver = true;
    await running.stop('SIGKILL');
  });
  await untilBack();
  return {
    name,
    output: () => past + running.output(),
    async crash() {
      const old = running;
      await old.stop('SIGKILL');
      await untilBack(old);
    },
  };
}

async function startEmulator(): Promise<{
  readonly origin: string;
  readonly controlOrigin: string;
  readonly member: Member;
}> {
  const [port, controlPort, dataDir] = [await freePort(), await freePort(), temporaryDataDir()];
  const args = ['--port', String(port), '--control-port', String(controlPort), '--data-dir', dataDir];
  let output = '';
  let child: ChildProcess;
  async function start(): Promise<void> {
    child = spawn(process.execPath, [join(root, 'emulators', 'gcp', 'main.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
    for await (const chunk of child.stdout ?? []) if (String(chunk).includes('GCP emulator at')) return;
    throw new Error(`the emulator did not start:\n${output}`);
  }
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await start();
  onTestFinished(kill);
  return {
    origin: `http://127.0.0.1:${port}`,
    controlOrigin: `http://127.0.0.1:${controlPort}`,
    member: {
      name: 'emulator',
      output: () => output,
      async crash() {
        await kill();
        await start();
      },
    },
  };
}

import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { percentile } from '../bench/support/row.ts';
import { residentMb } from './clients/support/process-size.ts';
import { type Server, serverOfFile } from './clients/support/server.ts';
import { sized } from './support/scale.ts';
import type { Door, Phase, Target } from './support/flood/target.ts';

const root = join(import.meta.dirname, '..');
const server = serverOfFile();
const floodMs = sized(60_000, { full: 20_000, quick: 10_000 });
const quietMs = Math.max(8_000, floodMs / 2);
/** What a flood may cost another: its p99, as a multiple of the quiet one, beyond what the machine makes of it. */
const mostTimes = 3;
/** What a flood may cost the process in memory, at its worst and for good. */
const mostPeakMb = 700;

it(
  'one identity that asks for everything at both doors slows another down little, and memory stays bounded',
  { timeout: 120_000 + floodMs * 4 },
  async () => {
    const { ready } = server();
    await fill(server());
    const control = await startControl();
    const victim = start('victim', await targetOf(server(), 'victim', '127.0.0.1', control));
    // Until everything is compiled and connected.
    await sleep(quietMs / 4);
    await phaseOf(victim);

    await sleep(quietMs);
    const before = await phaseOf(victim);
    const beforeMb = await residentMb(ready.pid);

    const flooder = start('flooder', await targetOf(server(), 'flooder', '127.0.0.2', control));
    let peakMb = 0;
    const untilMs = performance.now() + floodMs;
    await phaseOf(victim);
    while (performance.now() < untilMs) {
      await sleep(500);
      peakMb = Math.max(peakMb, residentNowMb(ready.pid));
    }
    const during = await phaseOf(victim);
    const counts = (await told(flooder)) as Record<string, number>;
    flooder.kill('SIGKILL');
    await once(flooder, 'exit');

    await sleep(quietMs / 4);
    await phaseOf(victim);
    await sleep(quietMs);
    const after = await phaseOf(victim);
    const afterMb = await residentMb(ready.pid);

    const timesOf = (door: Door): number => {
      const quiet = [...before.latenciesMs[door], ...after.latenciesMs[door]];
      const flooded = during.latenciesMs[door];
      const [quietP99, floodedP99] = [percentile(quiet, 0.99), percentile(flooded, 0.99)];
      console.log(
        `${door}: p50 ${percentile(quiet, 0.5).toFixed(1)} → ${percentile(flooded, 0.5).toFixed(1)} ms, p99 ${quietP99.toFixed(1)} → ${floodedP99.toFixed(1)} ms (${quiet.length} and ${flooded.length} requests)`,
      );
      return floodedP99 / quietP99;
    };
    // What a server that does nothing suffers is the machine's doing: its processors are shared with the flooder and others.
    const machine = Math.max(1, timesOf('control'));
    const times = { graphql: timesOf('graphql'), kubernetes: timesOf('kubernetes') };
    console.log(`flood of ${floodMs / 1000} s: ${JSON.stringify(counts)}`);
    console.log(`memory: ${beforeMb} MB before, ${Math.round(peakMb)} MB at most, ${afterMb} MB after`);

    expect([...before.failures, ...during.failures, ...after.failures].slice(0, 10)).toEqual([]);
    // The flood was one, and was refused.
    expect(Object.entries(counts).filter(([what]) => what.endsWith(' 429')).length).toBeGreaterThan(3);
    expect(counts['idle graphql opened'] ?? 0).toBeGreaterThan(50);
    expect(peakMb - beforeMb).toBeLessThan(mostPeakMb);
    expect(server().launched.process.exitCode).toBeNull();
    expect(times.graphql / machine).toBeLessThanOrEqual(mostTimes);
    expect(times.kubernetes / machine).toBeLessThanOrEqual(mostTimes);
  },
);

/** What both have to read: enough that a list of all of it is work. */
async function fill({ call }: Server): Promise<void> {
  const metadata = (name: string) => ({ name, namespace: 'default' });
  const network = { apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network', spec: { ipam: { mode: 'Auto' } } };
  const networks = '/apis/networking.datumapis.com/v1alpha/namespaces/default/networks';
  const { status } = await call({ method: 'POST', path: networks, body: { ...network, metadata: metadata('victim') } });
  expect(status).toBe(201);
  for (let index = 0; index < 300; index += 1) {
    await call({ method: 'POST', path: networks, body: { ...network, metadata: metadata(`net-${index}`) } });
    await call({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: { metadata: metadata(`config-${index}`), data: { text: 'x'.repeat(4_000) } },
    });
  }
  await call({
    method: 'POST',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: {
      metadata: { name: 'flood' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: ['victim', 'flooder'].map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name })),
    },
  });
}

/** The product as it looks to a user of its own. */
async function targetOf({ ready, ca }: Server, user: string, localAddress: string, control: string): Promise<Target> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'cli', 'main.ts'), 'token', 'create', '--user', user],
    { cwd: root, env: { PATH: process.env['PATH'], DATABASE_URL: ready.database } },
  );
  const token = /\S{20,}/.exec(stdout)?.[0] ?? '';
  return { graphql: ready.graphql ?? '', kubernetes: ready.kubernetes ?? '', ca, token, control, localAddress };
}

function start(what: 'victim' | 'flooder', target: Target): ChildProcess {
  const file = join(import.meta.dirname, 'support', 'flood', `${what}.ts`);
  const child = fork(file, [JSON.stringify(target)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Starts the server that does nothing; answers its URL. */
async function startControl(): Promise<string> {
  const child = fork(join(import.meta.dirname, 'support', 'flood', 'control.ts'), { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  return `http://127.0.0.1:${port}/`;
}

async function told(child: ChildProcess): Promise<unknown> {
  child.send('');
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}

/** What the victim saw since the last time. */
async function phaseOf(victim: ChildProcess): Promise<Phase> {
  return (await told(victim)) as Phase;
}

function residentNowMb(pid: number): number {
  const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { percentile } from '../../../bench/support/row.ts';
import { residentMb } from '../../clients/support/process-size.ts';
import type { Server } from '../../clients/support/server.ts';
import type { Door, Phase, Target } from './target.ts';

const root = join(import.meta.dirname, '../../..');

/** What a flood may cost the process in memory, at its worst. */
export const mostPeakMb = 700;

/** What one identity's flood did to another one and to the server. */
export interface Flood {
  /** By what was asked and the status of the answer: how often the flooder got it. */
  readonly counts: Readonly<Record<string, number>>;
  /** Requests of the other identity that failed, at any time. */
  readonly failures: readonly string[];
  /** p99 under the flood as a multiple of the quiet one, of each door, beyond what the machine makes of it. */
  readonly times: Readonly<Record<'graphql' | 'kubernetes', number>>;
  readonly beforeMb: number;
  readonly peakMb: number;
  readonly afterMb: number;
}

/** Floods a server as one identity while another goes on with its work, for `floodMs`; prints what it sees. */
export async function measureFlood(server: Server, floodMs: number): Promise<Flood> {
  const { ready } = server;
  const quietMs = Math.max(8_000, floodMs / 2);
  const children: ChildProcess[] = [];
  const begin = (file: string, ...args: string[]): ChildProcess => {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const child = fork(join(import.meta.dirname, file), args, { execArgv: [], stdio: [...stdio] });
    children.push(child);
    return child;
  };
  try {
    await fill(server);
    const [port] = (await once(begin('control.ts'), 'message')) as [number];
    const control = `http://127.0.0.1:${port}/`;
    const victim = begin('victim.ts', JSON.stringify(await targetOf(server, 'victim', '127.0.0.1', control)));
    // Until everything is compiled and connected.
    await sleep(quietMs / 4);
    await phaseOf(victim);

    await sleep(quietMs);
    const before = await phaseOf(victim);
    const beforeMb = await residentMb(ready.pid);

    const flooder = begin('flooder.ts', JSON.stringify(await targetOf(server, 'flooder', '127.0.0.2', control)));
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

    const failures = [...before.failures, ...during.failures, ...after.failures];
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
    const times = { graphql: timesOf('graphql') / machine, kubernetes: timesOf('kubernetes') / machine };
    console.log(`flood of ${floodMs / 1000} s: ${JSON.stringify(counts)}`);
    if (failures.length > 0) console.log(`${failures.length} failures of the other, first: ${failures[0]}`);
    console.log(`memory: ${beforeMb} MB before, ${Math.round(peakMb)} MB at most, ${afterMb} MB after`);
    return { counts, failures, times, beforeMb, peakMb, afterMb };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** What both have to read: enough that a list of all of it is work. */
async function fill({ call }: Server): Promise<void> {
  const metadata = (name: string) => ({ name, namespace: 'default' });
  const network = { apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network', spec: { ipam: { mode: 'Auto' } } };
  const networks = '/apis/networking.datumapis.com/v1alpha/namespaces/default/networks';
  const { status } = await call({ method: 'POST', path: networks, body: { ...network, metadata: metadata('victim') } });
  if (status !== 201) throw new Error(`the victim has no network: ${status}`);
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

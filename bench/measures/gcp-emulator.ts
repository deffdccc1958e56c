import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { row, type Row, throughput } from '../support/row.ts';

const bin = join(import.meta.dirname, '..', '..', 'emulators', 'gcp', 'bin.mjs');
const zone = '/compute/v1/projects/acme-edge/zones/us-south1-a';
const machines = 10_000;
const clients = 16;

/** The emulator as a process of its own: its start, what it answers in a second, and what ten thousand machines weigh. */
export async function measure(): Promise<Row[]> {
  // The first start compiles; what people meet every day is the next one.
  const first = await start();
  await first.stop();
  const emulator = await start();
  try {
    await emulator.call('POST', '/compute/v1/projects/acme-edge/global/networks', {
      name: 'net',
      autoCreateSubnetworks: false,
    });
    await emulator.call('POST', '/compute/v1/projects/acme-edge/regions/us-south1/subnetworks', {
      name: 'sub',
      network: 'global/networks/net',
      ipCidrRange: '10.0.0.0/16',
    });
    // As a provider does: insert, look at the operation, look at the machine.
    const lives = await throughput(machines, clients, async (index) => {
      const { name } = await emulator.call('POST', `${zone}/instances`, instance(`vm-${index}`));
      await emulator.call('GET', `${zone}/operations/${name}`);
      await emulator.call('GET', `${zone}/instances/vm-${index}`);
    });
    const reads = await throughput(machines, clients, (index) => emulator.call('GET', `${zone}/instances/vm-${index}`));
    return [
      row('GCP emulator: start to first answer, compiled before', emulator.startMs, 'ms', { atMost: 300 }),
      row('GCP emulator: first start of all', first.startMs, 'ms'),
      row('GCP emulator: insert, operation and machine', lives * 3, 'requests/s', { atLeast: 2_000 }),
      row('GCP emulator: get of a machine', reads, 'requests/s', { atLeast: 2_000 }),
      row('GCP emulator: memory with 10,000 machines', emulator.memoryMb(), 'MB', { atMost: 300 }),
    ];
  } finally {
    await emulator.stop();
  }
}

interface Running {
  readonly startMs: number;
  call(method: string, path: string, body?: object): Promise<{ name?: string }>;
  memoryMb(): number;
  stop(): Promise<void>;
}

async function start(): Promise<Running> {
  const begin = performance.now();
  const child = spawn(process.execPath, [bin, '--port', '0', '--control-port', '0', '--latency', 'none'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const origin = await originOf(child);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const call: Running['call'] = (method, path, body) => send(origin, agent, method, path, body);
  await call('GET', '/compute/v1/projects/acme-edge/global/networks');
  return {
    startMs: performance.now() - begin,
    call,
    memoryMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    async stop() {
      agent.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function originOf(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout ?? []) {
    const origin = /emulator at (\S+),/.exec(String(chunk))?.[1];
    if (origin !== undefined) return origin;
  }
  throw new Error('the emulator ended before it said where it is');
}

function send(origin: string, agent: Agent, method: string, path: string, body: object | undefined): Promise<object> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { method, agent, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => (response.statusCode === 200 ? resolve(JSON.parse(answer)) : reject(new Error(answer))));
    });
    sent.on('error', reject).end(text);
  });
}

function instance(name: string): object {
  const value = `#cloud-config\n${JSON.stringify({ write_files: [{ path: '/etc/name', content: name.repeat(100) }] })}`;
  return {
    name,
    machineType: 'zones/us-south1-a/machineTypes/n2-standard-2',
    labels: { owner: 'bench', uid: name },
    metadata: { items: [{ key: 'user-data', value }] },
    tags: { items: ['bench', `only-${name}`] },
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: {
          diskName: `${name}-boot`,
          sourceImage: 'projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts',
        },
      },
    ],
    networkInterfaces: [
      { subnetwork: 'regions/us-south1/subnetworks/sub', accessConfigs: [{ type: 'ONE_TO_ONE_NAT', name: 'nat' }] },
    ],
  };
}

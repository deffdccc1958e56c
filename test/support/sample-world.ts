import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ready } from '../../cli/ready-file.ts';
import { ask, eventually } from './graphql.ts';

const root = join(import.meta.dirname, '..', '..');

/** Runs examples/apply-samples.ts as a user would; answers what it printed. */
export async function applySamples(dataDir: string, folder?: string): Promise<string> {
  const tsx = join(root, 'node_modules', '.bin', 'tsx');
  const args = [join(root, 'examples', 'apply-samples.ts'), ...(folder === undefined ? [] : [folder])];
  const { stdout } = await promisify(execFile)(tsx, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], DATUM_DATA_DIR: dataDir },
  });
  return stdout;
}

export interface SampleInstance {
  metadata: { name: string; uid: string };
  spec: { location: { name: string } };
  status: {
    conditions: { type: string; status: string; reason: string; message: string }[];
    networkInterfaces: { assignments: { networkIP: string | null; externalIP: string | null } | null }[] | null;
  } | null;
}

/** All instances, as a user sees them. */
async function readInstances(ready: Ready): Promise<SampleInstance[]> {
  const data = await ask<{ instances: { nodes: SampleInstance[] } }>(
    ready,
    `{ instances(first: 200) { nodes { metadata { name uid } spec { location { name } }
       status { conditions { type status reason message } networkInterfaces { assignments { networkIP externalIP } } } } } }`,
  );
  return data.instances.nodes;
}

function isReady(instance: SampleInstance): boolean {
  return instance.status?.conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Waits until so many instances exist and all are Ready. */
export async function allReady(ready: Ready, count: number, timeoutMs = 60_000): Promise<SampleInstance[]> {
  return eventually(
    () => readInstances(ready),
    (instances) => instances.length === count && instances.every(isReady),
    timeoutMs,
  );
}

/** What is there of a kind, and what keeps it. */
interface Remains {
  nodes: {
    metadata: { name: string; namespace: string; finalizers: string[] | null };
    status?: { conditions: object[] } | null;
  }[];
}

const kinds = [
  'networks',
  'workloads',
  'workloadDeployments',
  'instances',
  'networkBindings',
  'networkContexts',
  'subnetClaims',
  'subnets',
] as const;
const remains = `{ ${kinds
  .map(
    (kind) =>
      `${kind}(first: 200) { nodes { metadata { name namespace finalizers deletionTimestamp } status { conditions { type status reason message } } } }`,
  )
  .join(' ')} }`;

/** Deletes every workload and network, and waits until they and all that was made for them are gone. */
export async function deleteAll(ready: Ready): Promise<void> {
  const read = () => ask<Record<(typeof kinds)[number], Remains>>(ready, remains);
  const found = await read();
  for (const [kind, { nodes }] of [
    ['Workload', found.workloads],
    ['Network', found.networks],
  ] as const) {
    for (const {
      metadata: { namespace, name },
    } of nodes) {
      await ask(
        ready,
        `mutation ($namespace: String!, $name: String!) { delete${kind}(namespace: $namespace, name: $name) { userErrors { message } } }`,
        { namespace, name },
      );
    }
  }
  await eventually(read, (now) => kinds.every((kind) => now[kind].nodes.length === 0), 60_000);
}

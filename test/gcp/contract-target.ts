import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { startGcpEmulator } from '../../emulators/gcp/start.ts';
import { createGcpClient, type GcpClient } from '../../workers/clouds/gcp/client.ts';
import type { Progress } from '../../workers/clouds/gcp/cloud-object.ts';
import { isGcpError } from '../../workers/clouds/gcp/errors.ts';
import { noLimits } from '../../workers/clouds/gcp/limits.ts';
import { operation } from '../../workers/clouds/gcp/operations.ts';

/** What a contract is checked against: the emulator, or with GCP_REAL=1 a project of Google's. */
export interface ContractTarget {
  readonly client: GcpClient;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  /** A name that nothing else has. */
  name(of: string): string;
  /** Waits for an operation; answers how it ended. */
  done(scope: string, progress: Progress): Promise<Progress>;
  /** Has it undone when the test ends, after what was made later. */
  cleanUp(undo: () => Promise<unknown>): void;
}

export const isReal = process.env['GCP_REAL'] === '1';

/** Everything that contracts make begins with this. */
const namePrefix = 'datum-contract';
const operationMs = isReal ? 300_000 : 60_000;

/** The target for the running test, cleaned up when that ends. */
export async function contractTarget(): Promise<ContractTarget> {
  const account = isReal ? required('GCP_PROJECT') : 'acme-edge';
  const zone = process.env['GCP_ZONE'] ?? 'us-south1-a';
  const client = await (isReal ? realClient() : emulatedClient());
  const undos: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    const faults: unknown[] = [];
    for (const undo of undos.toReversed()) {
      await undo().catch((error: unknown) => {
        if (!isGcpError(error, 'notFound')) faults.push(error);
      });
    }
    client.close();
    if (faults.length > 0) throw new AggregateError(faults, 'not everything was cleaned up');
  }, operationMs * 4);
  const run = `${Math.floor(Date.now() / 1000).toString(36)}${randomBytes(2).toString('hex')}`;
  return {
    client,
    account,
    zone,
    region: zone.replace(/-[a-z]$/, ''),
    name: (of) => `${namePrefix}-${run}-${of}`,
    cleanUp: (undo) => void undos.push(undo),
    async done(scope, progress) {
      const deadline = Date.now() + operationMs;
      let current = progress;
      while (!current.done) {
        if (Date.now() > deadline) throw new Error(`operation ${current.operation} does not end`);
        await new Promise((resolve) => setTimeout(resolve, isReal ? 2_000 : 5));
        current = (await operation(client, account, scope, progress.operation ?? '')) ?? { done: true };
      }
      return current;
    },
  };
}

async function emulatedClient(): Promise<GcpClient> {
  const emulator = await startGcpEmulator({
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    latency: 'short',
    check: true,
  });
  onTestFinished(() => emulator.close());
  return createGcpClient({ endpoint: emulator.origin, limits: noLimits });
}

/** Credentials as Google's own tools find them: `gcloud auth application-default login`, or an account of the machine. */
async function realClient(): Promise<GcpClient> {
  const { google } = await import('googleapis');
  const auth = new google.auth.GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
  return createGcpClient({
    credentials: async (url) => Object.fromEntries(await auth.getRequestHeaders(url)),
  });
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`GCP_REAL=1 needs ${name}`);
  return value;
}

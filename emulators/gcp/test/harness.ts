import { cloudresourcemanager_v3 } from 'googleapis/build/src/apis/cloudresourcemanager/v3.js';
import { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { iam_v1 } from 'googleapis/build/src/apis/iam/v1.js';
import { iamcredentials_v1 } from 'googleapis/build/src/apis/iamcredentials/v1.js';
import { monitoring_v3 } from 'googleapis/build/src/apis/monitoring/v3.js';
import { secretmanager_v1 } from 'googleapis/build/src/apis/secretmanager/v1.js';
import { serviceusage_v1 } from 'googleapis/build/src/apis/serviceusage/v1.js';
import { sts_v1 } from 'googleapis/build/src/apis/sts/v1.js';
import { onTestFinished } from 'vitest';
import type { FaultRule } from '../faults/rule.ts';
import type { GcpEmulatorOptions } from '../start.ts';
import { startGcpEmulator } from '../start.ts';

export const PROJECT = 'acme-edge';
export const REGION = 'us-south1';
export const ZONE = 'us-south1-a';

/** An emulator on free ports, with Google's own clients; stopped when the test ends. Every answer is checked. */
export async function startForTest(options: Partial<GcpEmulatorOptions> = {}) {
  const emulator = await startGcpEmulator({
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    latency: 'none',
    check: true,
    ...options,
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await emulator.close();
    isOpen = false;
  };
  onTestFinished(close);
  const client = { rootUrl: `${emulator.origin}/`, retry: false };
  return {
    origin: emulator.origin,
    close,
    compute: new compute_v1.Compute(client),
    iam: new iam_v1.Iam(client),
    secrets: new secretmanager_v1.Secretmanager(client),
    projects: new cloudresourcemanager_v3.Cloudresourcemanager(client),
    services: new serviceusage_v1.Serviceusage(client),
    monitoring: new monitoring_v3.Monitoring(client),
    sts: new sts_v1.Sts(client),
    credentials: new iamcredentials_v1.Iamcredentials(client),
    controlOrigin: emulator.controlOrigin,
    control: (method: string, path: string, body?: object) => callControl(emulator.controlOrigin, method, path, body),
    addFault: (rule: Omit<FaultRule, 'id'>) => callControl(emulator.controlOrigin, 'POST', '/_emu/faults', rule),
  };
}

export type TestEmulator = Awaited<ReturnType<typeof startForTest>>;

async function callControl(origin: string, method: string, path: string, body?: object) {
  const response = await fetch(origin + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  // Each test knows the form of what it asks for.
  // oxlint-disable-next-line typescript/no-explicit-any
  return answer as any;
}

/** What a failed call shows: HTTP status, reason and message. */
export async function failureOf(call: Promise<unknown>): Promise<{ status: number; reason: string; message: string }> {
  try {
    await call;
  } catch (error) {
    const { response } = error as { response?: { status: number; data: { error?: ErrorBody } } };
    const body = response?.data.error;
    if (response === undefined || body === undefined) throw error;
    return { status: response.status, reason: body.errors?.[0]?.reason ?? body.status ?? '', message: body.message };
  }
  throw new Error('the call succeeded');
}

interface ErrorBody {
  readonly message: string;
  readonly status?: string;
  readonly errors?: readonly { readonly reason: string }[];
}

/** A network with one subnetwork, of which instances can be made. */
export async function makeSubnet({ compute }: TestEmulator, ipCidrRange = '10.0.0.0/24'): Promise<void> {
  const project = PROJECT;
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
}

/** The body of a small instance in the subnetwork of `makeSubnet`. */
export function instanceBody(name: string): compute_v1.Schema$Instance {
  return {
    name,
    machineType: `zones/${ZONE}/machineTypes/n2-standard-2`,
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
      {
        subnetwork: `regions/${REGION}/subnetworks/sub`,
        accessConfigs: [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT' }],
      },
    ],
  };
}

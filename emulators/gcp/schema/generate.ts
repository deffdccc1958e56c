import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ProtoNode } from './from-protos.ts';
import { computePackage, schemaOf } from './from-protos.ts';

/** The messages that requests carry. */
const ROOTS = [
  'Disk',
  'Firewall',
  'Instance',
  'InstancesSetLabelsRequest',
  'Metadata',
  'Network',
  'Subnetwork',
  'SubnetworksExpandIpCidrRangeRequest',
  'Tags',
];

/** The text of `generated/compute.json`, made from Google's own description of its API. */
export function generateSchema(): string {
  const path = createRequire(import.meta.url).resolve('@google-cloud/compute/build/protos/protos.json');
  const document = JSON.parse(readFileSync(path, 'utf8')) as ProtoNode;
  return `${JSON.stringify(schemaOf(computePackage(document), ROOTS), undefined, 1)}\n`;
}

if (import.meta.main) writeFileSync(new URL('generated/compute.json', import.meta.url), generateSchema());

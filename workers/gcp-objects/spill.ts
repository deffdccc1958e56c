import { gzipSync } from 'node:zlib';
import type { ConfigMap, InstanceSpec } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { secretName } from '../clouds/gcp/names.ts';
import { maxSecretBytes } from '../clouds/gcp/secrets.ts';
import { readableVersion, secretFacts } from './identity.ts';

/** Most bytes of files of config maps, in base64, that go into a machine's metadata beside its pod and all else. */
const mostInlineBytes = 160 * 1024;

/** Fact of the first part of a spilled config map: how many parts there are. */
export const partsFact = 'parts';

/** Names of the config maps that a spec's volumes show, each as often as it is shown. */
export function mountedConfigMaps({ volumes }: Pick<InstanceSpec, 'volumes'>): string[] {
  return (volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []);
}

/** Keys of a config map with their content in base64. */
export function filesOf({ data, binaryData }: ConfigMap): Record<string, string> {
  const texts = Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
  return { ...Object.fromEntries(texts), ...binaryData };
}

/**
 * Names of the config maps whose files do not fit into a machine's metadata with the others, the largest first: they go to
 * where secrets are, which machines can read. What others there are decides, so that nothing moves without need.
 */
export function spilledConfigMaps(
  spec: Pick<InstanceSpec, 'volumes'>,
  found: ReadonlyMap<string, ConfigMap | undefined>,
): ReadonlySet<string> {
  const mounted = mountedConfigMaps(spec);
  const sizes = [...new Set(mounted)].map((name) => {
    const map = found.get(name);
    const files = map === undefined ? [] : Object.values({ ...map.data, ...map.binaryData });
    const bytes = files.reduce((sum, text) => sum + Math.ceil((Buffer.byteLength(text) * 4) / 3), 0);
    return { name, bytes: bytes * mounted.filter((one) => one === name).length };
  });
  const spilled = new Set<string>();
  let left = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))) {
    if (left <= mostInlineBytes) break;
    spilled.add(name);
    left -= bytes;
  }
  return spilled;
}

/** What the parts of a spilled config map hold, one after the other: its files as JSON, packed. */
export function partsOf(map: ConfigMap): Buffer[] {
  const entries = Object.entries(filesOf(map)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const packed = gzipSync(JSON.stringify(Object.fromEntries(entries)));
  return Array.from({ length: Math.ceil(packed.length / maxSecretBytes) }, (_, index) =>
    packed.subarray(index * maxSecretBytes, (index + 1) * maxSecretBytes),
  );
}

/** Name of a part in the cloud. */
export function partName(workloadUid: string, map: ConfigMap, index: number): string {
  return secretName(workloadUid, `${map.metadata.uid}/${index}`);
}

/** Most parts that an object of the largest size can have, however badly it packs. */
export const mostParts = 32;

/** Changes whenever an object is written. */
export function sourceOf({ metadata }: Pick<ConfigMap, 'metadata'>): string {
  return `${metadata.uid}/${metadata.resourceVersion}`;
}

/** Paths of the versions of all parts as the config map is now; undefined until the machine can read each of them. */
export function readableParts(
  rows: readonly CloudResource[],
  { account, workloadUid, email }: { readonly account: string; readonly workloadUid: string; readonly email: string },
  map: ConfigMap,
): string[] | undefined {
  const rowOf = (index: number) =>
    rows.find((row) => row.account === account && row.name === partName(workloadUid, map, index));
  const count = Number(rowOf(0)?.facts[partsFact] ?? 0);
  const versions = Array.from({ length: count }, (_, index) => {
    const row = rowOf(index);
    return row?.facts[secretFacts.source] === sourceOf(map) ? readableVersion(row, email) : undefined;
  });
  return count === 0 || versions.includes(undefined) ? undefined : versions.filter((path) => path !== undefined);
}

import type { CloudInventory } from '../../store/cloud-inventory.ts';
import type { GcpClient } from '../clouds/gcp/client.ts';
import type { CloudApi, CloudRef, Observation } from '../clouds/gcp/cloud-object.ts';
import { cloudTypes } from '../clouds/gcp/cloud-types.ts';
import { GcpError, isGcpError } from '../clouds/gcp/errors.ts';
import { requestIdOf } from '../clouds/gcp/request-id.ts';
import { inBackground } from '../clouds/gcp/priority.ts';

/** Something of ours in the cloud that nobody here knows of. */
export interface Orphan extends CloudRef {
  readonly type: SweptType;
  readonly targetId: string;
  readonly ownerUid: string;
}

/** What became of an orphan: seen for the first time or too soon, to be reported, deleted, or not deleted now. */
export interface Finding {
  readonly orphan: Orphan;
  readonly outcome: 'Suspected' | 'Orphaned' | 'Deleted' | 'Blocked';
  readonly message?: string;
}

export interface SweepOptions {
  readonly gcp: GcpClient;
  readonly inventory: CloudInventory;
  /** Of this product; nothing that bears another name is looked at. */
  readonly installation: string;
  readonly mode: 'Report' | 'Delete';
  /** Time between the two times that something must be found. Default an hour. */
  readonly strikeAfterMs?: number;
  readonly now?: () => number;
}

/** In the order in which they can be deleted, and where they are. Data is not among them. */
const swept = [
  ['compute.globalForwardingRules', 'global'],
  ['compute.targetTcpProxies', 'global'],
  ['compute.backendServices', 'global'],
  ['compute.healthChecks', 'global'],
  ['compute.networkEndpointGroups', 'zone'],
  ['compute.globalAddresses', 'global'],
  ['compute.instances', 'zone'],
  ['compute.addresses', 'region'],
  ['compute.firewalls', 'global'],
  ['compute.subnetworks', 'region'],
  ['compute.networks', 'global'],
] as const;
type SweptType = (typeof swept)[number][0];

/** Remembers what it has found, for as long as it lives: after a restart everything must be found twice again. */
export function createSweep(options: SweepOptions): () => Promise<Finding[]> {
  const { strikeAfterMs = 3_600_000, now = Date.now, mode } = options;
  let suspects = new Map<string, number>();

  async function judge(orphan: Orphan, seen: Map<string, number>): Promise<Finding> {
    const key = `${orphan.type} ${orphan.account} ${orphan.scope} ${orphan.name} ${orphan.targetId}`;
    const firstAtMs = suspects.get(key) ?? now();
    seen.set(key, firstAtMs);
    if (now() - firstAtMs < strikeAfterMs) return { orphan, outcome: 'Suspected' };
    return mode === 'Report' ? { orphan, outcome: 'Orphaned' } : remove(options, orphan, now());
  }

  return () =>
    inBackground(async () => {
      const seen = new Map<string, number>();
      const findings: Finding[] = [];
      for (const orphan of await orphans(options)) findings.push(await judge(orphan, seen));
      suspects = seen;
      return findings;
    });
}

async function orphans({ gcp, inventory, installation }: SweepOptions): Promise<Orphan[]> {
  const places = await inventory.places();
  const found: Orphan[] = [];
  for (const [type, scopes] of swept) {
    const refs = new Set(
      places.map(({ account, region, zone }) =>
        [account, { global: 'global', region: `regions/${region}`, zone: `zones/${zone}` }[scopes]].join(' '),
      ),
    );
    for (const ref of refs) {
      const [account = '', scope = ''] = ref.split(' ');
      const recorded = await inventory.recorded({ cloud: 'gcp', account, scope, type });
      for (const [name, { targetId, marker }] of await listed(gcp, type, account, scope))
        if (marker?.installation === installation && !recorded.has(name))
          found.push({ type, account, scope, name, targetId, ownerUid: marker.ownerUid });
    }
  }
  const owners = await inventory.existing(found.map(({ ownerUid }) => ownerUid));
  return found.filter(({ ownerUid }) => !owners.has(ownerUid));
}

/** A project that cannot be read now is looked at the next time. */
async function listed(
  gcp: GcpClient,
  type: SweptType,
  account: string,
  scope: string,
): Promise<ReadonlyMap<string, Observation>> {
  try {
    return (await apiOf(type).list?.(gcp, account, scope)) ?? new Map();
  } catch (error) {
    if (isGcpError(error)) return new Map();
    throw error;
  }
}

async function remove({ gcp, installation }: SweepOptions, orphan: Orphan, nowMs: number): Promise<Finding> {
  const { type, account, scope, name, targetId } = orphan;
  const api = apiOf(type);
  try {
    // Somebody may have made something of the name since it was listed.
    const there = await api.get(gcp, orphan);
    if (there?.targetId !== targetId || there.marker?.installation !== installation)
      return { orphan, outcome: 'Suspected' };
    const resource = `${type}/${account}/${scope}/${name}`;
    const requestId = requestIdOf({ resource, verb: 'delete', generation: 0, attempt: nowMs });
    const { fault } = await api.remove(gcp, orphan, requestId);
    if (fault !== undefined) return { orphan, outcome: 'Blocked', message: `${fault.code}: ${fault.message}` };
    return { orphan, outcome: 'Deleted' };
  } catch (error) {
    if (error instanceof GcpError) return { orphan, outcome: 'Blocked', message: error.message };
    throw error;
  }
}

function apiOf(type: SweptType): Pick<CloudApi<never>, 'list' | 'get' | 'remove'> {
  return cloudTypes[type];
}

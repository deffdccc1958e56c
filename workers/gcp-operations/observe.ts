import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Observation } from '../clouds/gcp/cloud-object.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { isOurs } from '../gcp-objects/adoption.ts';
import { projectionFact } from '../gcp-objects/ensure.ts';
import { abandonedFact } from '../gcp-objects/release.ts';
import { apiOf } from '../gcp-objects/outcome.ts';
import type { Report } from './follow.ts';

/**
 * Compares rows of one project, scope and type, all at rest, with what is there: one call for 500 of them. Says which have
 * vanished, which somebody has changed, and which machines are in another state. Throws GcpError.
 */
export async function observe(deps: Pick<GcpDeps, 'gcp'>, rows: readonly CloudResource[]): Promise<Report[]> {
  const [first] = rows;
  const api = first && apiOf(first);
  if (first === undefined || api?.list === undefined) return [];
  const there = await api.list(deps.gcp, first.account, first.scope);
  const reports = await Promise.all(
    rows.map(async (row): Promise<Report[]> => {
      // A list can lag; what is missing in it is asked for by name.
      const observed = there.get(row.name) ?? (await api.get(deps.gcp, row));
      return difference(row, observed).map((outcome) => ({ requestId: row.requestId, outcome }));
    }),
  );
  return reports.flat();
}

function difference(row: CloudResource, observed: Observation | undefined): Report['outcome'][] {
  if (row.facts[abandonedFact] !== undefined) return [];
  if (observed === undefined) return [{ state: 'gone', verb: 'none' }];
  // Their state is news to somebody.
  const isTold = row.type === 'compute.instances' || row.type === 'compute.instanceGroupManagers';
  const isNews = isTold && Object.entries(observed.facts).some(([name, value]) => row.facts[name] !== value);
  const isChanged = row.facts[projectionFact] !== specHash(observed.projection) || !isOurs(row, observed);
  // A change is told once; so is that what was left changed is as it was again.
  const isTurn = isChanged === (row.specHash !== undefined);
  if (!isNews && !isTurn) return [];
  return [
    {
      state: observed.settled ? 'ready' : 'running',
      ...(isNews ? { facts: observed.facts } : {}),
      // What is not known to be as it was applied is compared, and corrected, by its controller.
      ...(isTurn && isChanged ? { specHash: null } : {}),
    },
  ];
}

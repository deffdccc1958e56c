import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { fail } from '../gcp-objects/outcome.ts';
import type { Stage } from '../gcp-objects/stage.ts';

/** One call after which the row has more facts. It can be repeated, so a lost answer is a failure like any other. */
export async function step(
  deps: GcpDeps,
  row: CloudResource,
  call: (row: CloudResource) => Promise<Record<string, string>>,
): Promise<Stage> {
  let facts: Record<string, string>;
  try {
    facts = await call(row);
  } catch (error) {
    return fail(deps, row, error);
  }
  const written = await deps.cloudResources.record(row.requestId, { state: 'ready', facts });
  return written === undefined ? { at: 'waiting' } : { at: 'ready', row: written };
}

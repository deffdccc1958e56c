import type { WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';

/**
 * Deployments that were found to be in order. A deployment's status changes with every instance, and each change wakes
 * this controller for nothing; what is remembered saves the reading then. It may be lost at any moment.
 */
export interface Memory {
  has(uid: string, signature: string): boolean;
  add(uid: string, signature: string): void;
}

/** Long enough for a rollout, short enough that a change elsewhere, of a location's project say, is seen by the next scan. */
const rememberedForMs = 30_000;

export function createMemory(now: () => number = Date.now): Memory {
  const known = new Map<string, { readonly signature: string; readonly untilMs: number }>();
  return {
    has(uid, signature) {
      const entry = known.get(uid);
      if (entry === undefined) return false;
      if (entry.untilMs < now()) known.delete(uid);
      return entry.untilMs >= now() && entry.signature === signature;
    },
    add(uid, signature) {
      // Insertion order is age: what is too old stands first.
      known.delete(uid);
      known.set(uid, { signature, untilMs: now() + rememberedForMs });
      for (const [other, { untilMs }] of known) {
        if (untilMs >= now()) break;
        known.delete(other);
      }
    },
  };
}

/** Changes when the deployment's spec, its place, or anything about its rows does. */
export function signatureOf(deployment: WorkloadDeployment, rows: readonly CloudResource[]): string {
  const { generation } = deployment.metadata;
  const { namespace, name } = deployment.status?.location ?? {};
  const states = rows.map(({ requestId, state, specHash }) => `${requestId} ${state} ${specHash}`).toSorted();
  return [generation, namespace, name, ...states].join('\n');
}

import type { KindTypes } from '../../kinds/generated/types.ts';
import { isPaused } from '../../kinds/provider-annotations.ts';
import type { RequestContext } from '../../store/types.ts';
import { isTrue, type Verdict } from '../objects/condition.ts';
import { writeStatus } from '../objects/status.ts';
import type { GcpDeps } from './deps.ts';

type PausableKind = 'NetworkContext' | 'Subnet' | 'Workload' | 'WorkloadDeployment' | 'Instance';

/** Whether the provider is to leave an object alone, deletion included; that is shown by condition Paused. */
export async function isHeldBack<K extends PausableKind>(
  deps: Pick<GcpDeps, 'store'>,
  context: RequestContext,
  kind: K,
  object: KindTypes[K],
): Promise<boolean> {
  const paused = isPaused(object);
  if (paused || isTrue(object, 'Paused'))
    await writeStatus(deps.store, context, kind, object, { verdicts: [verdict(paused)] });
  return paused;
}

function verdict(paused: boolean): Verdict {
  return paused
    ? {
        type: 'Paused',
        status: 'True',
        reason: 'PausedByAnnotation',
        message: 'Nothing is made, changed or deleted in the cloud for this object',
      }
    : { type: 'Paused', status: 'False', reason: 'Resumed', message: 'The cloud is kept as declared' };
}

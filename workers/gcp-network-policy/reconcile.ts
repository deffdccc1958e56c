import type { NetworkPolicy } from '../../kinds/generated/types.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { supportedVerdicts } from '../gcp-objects/not-yet.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { type Controller, done } from '../runtime/controller.ts';

const name = 'gcp-network-policy';

/** Says of a NetworkPolicy that it is stored and not followed yet; policies of interfaces are, see gcp-deployment. */
export function controller({ store }: Pick<GcpDeps, 'store'>): Controller {
  return {
    name,
    kind: 'NetworkPolicy',
    concerns: (change) => !isByController(change),
    watches: [],
    writes: ['NetworkPolicy.status.conditions[Supported]'],
    async reconcile(key) {
      const context = workerContext(name, key);
      const policy: NetworkPolicy | undefined = await store.get(context, 'NetworkPolicy', key);
      if (policy !== undefined)
        await writeStatus(store, context, 'NetworkPolicy', policy, { verdicts: supportedVerdicts(policy, ['spec']) });
      return done;
    },
  };
}

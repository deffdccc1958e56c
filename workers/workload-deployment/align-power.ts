import type { Instance, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import { jsonEqual } from '../../kinds/schema/json.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { conditionOf } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';

/** Instances that are told another state for their machines than their deployment's template. */
export function misalignedPower({ spec }: WorkloadDeployment, instances: readonly Instance[]): Instance[] {
  return instances.filter((one) => !isDeleting(one) && aligned(one, spec.template.spec) !== undefined);
}

/** Tells a deployment's instances in which state their machines are to be; they are not made anew for that. */
export async function alignPower(
  store: Store,
  context: RequestContext,
  { spec }: WorkloadDeployment,
  instances: readonly Instance[],
): Promise<void> {
  await settleAll(
    instances.map((instance) =>
      store.update(context, 'Instance', keyOf(instance), (current) => aligned(current, spec.template.spec), {
        uid: instance.metadata.uid,
        startFrom: instance,
      }),
    ),
  );
}

/** Whether an instance that does not run need not be waited for: it is stopped because it is to be. */
export function isStoppedAsDeclared(instance: Instance): boolean {
  const { powerState } = instance.spec;
  if (powerState !== 'Stopped' && powerState !== 'Suspended') return false;
  return (
    conditionOf(instance, 'Running')?.reason === 'Stopped' && conditionOf(instance, 'Programmed')?.status === 'True'
  );
}

/** The instance with the template's power state, or undefined when it has it. */
function aligned(instance: Instance, template: Instance['spec']): Instance | undefined {
  const { powerState, restartedAt, ...rest } = instance.spec;
  const wanted = power(template);
  return jsonEqual(power({ ...rest, powerState, restartedAt } as Instance['spec']), wanted)
    ? undefined
    : { ...instance, spec: { ...rest, ...wanted } };
}

function power({ powerState, restartedAt }: Instance['spec']) {
  return { ...(powerState ? { powerState } : {}), ...(restartedAt ? { restartedAt } : {}) };
}

import type { Instance, InstanceTemplate, WorkloadDeployment } from '../../../kinds/generated/types.ts';
import { keyOf } from '../../../kinds/object.ts';
import type { RequestContext, Store } from '../../../store/types.ts';
import type { Member } from '../../clouds/gcp/groups/members.ts';
import { createOwned } from '../../objects/create-owned.ts';
import { deleteExisting } from '../../objects/delete-existing.ts';
import { finalizers, letGo } from '../../objects/finalizers.ts';
import { deploymentUidLabel, groupMachineLabel, workloadUidLabel } from '../../objects/labels.ts';
import { oldTemplate } from '../../objects/old-template.ts';
import { isDeleting, ownedBy } from '../../objects/owner.ts';
import { templateHash as hashOf } from '../../objects/template-hash.ts';
import type { MemberInstance } from './member-steps.ts';

/** An instance of a group, as the choice of steps looks at it. */
export interface GroupInstance extends MemberInstance {
  readonly object: Instance;
}

/** The instances of a deployment that stand for machines of its group. */
export function groupInstances(instances: readonly Instance[]): GroupInstance[] {
  return instances.flatMap((object) => {
    const machine = object.metadata.labels?.[groupMachineLabel];
    if (machine === undefined) return [];
    return [{ object, machine, templateHash: object.spec.controller?.templateHash, deleting: isDeleting(object) }];
  });
}

/** Makes the instance of a machine that the group made. Throws QuotaExceeded where there may be no more. */
export async function createMember(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  { name }: Member,
  templateHash: string,
): Promise<Instance> {
  const { metadata, spec, status } = deployment;
  const template = await templateOf(store, context, deployment, templateHash);
  return createOwned(store, context, 'Instance', {
    fullName: `${metadata.name}-${name.slice(name.lastIndexOf('-') + 1)}`,
    owner: deployment,
    object: {
      metadata: {
        namespace: metadata.namespace ?? '',
        labels: {
          ...template.metadata?.labels,
          [workloadUidLabel]: spec.workloadRef.uid,
          [deploymentUidLabel]: metadata.uid,
          [groupMachineLabel]: name,
        },
        ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
        finalizers: [finalizers.group],
        ownerReferences: [ownedBy(deployment)],
      },
      spec: { ...template.spec, location: status?.location, controller: { templateHash, schedulingGates: [] } },
    },
    // One of the same suffix may still be on its way out.
    isSame: (one) => one.metadata.labels?.[groupMachineLabel] === name && !isDeleting(one),
  });
}

/** Gives an instance the template that its machine was made anew from. */
export async function renewMember(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  instance: Instance,
  templateHash: string,
): Promise<void> {
  const template = await templateOf(store, context, deployment, templateHash);
  await store.update(
    context,
    'Instance',
    keyOf(instance),
    (current) => ({
      ...current,
      spec: {
        ...template.spec,
        ...(current.spec.location ? { location: current.spec.location } : {}),
        controller: { templateHash, schedulingGates: [] },
      },
    }),
    { uid: instance.metadata.uid },
  );
}

/** Lets an instance go whose machine is gone. */
export async function removeMember(store: Store, context: RequestContext, instance: Instance): Promise<void> {
  if (!isDeleting(instance)) await deleteExisting(store, context, instance);
  await letGo(store, context, 'Instance', instance, finalizers.group);
}

async function templateOf(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  templateHash: string,
): Promise<InstanceTemplate> {
  const { template } = deployment.spec;
  if (hashOf(template) === templateHash) return template;
  return (await oldTemplate(store, context, deployment, templateHash)) ?? template;
}

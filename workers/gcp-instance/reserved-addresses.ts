import type { Instance } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { RequestContext } from '../../store/types.ts';
import type { ExternalAccess } from '../clouds/gcp/access-configs.ts';
import { addressBody, addressFact } from '../clouds/gcp/addresses.ts';
import { addressName } from '../clouds/gcp/names.ts';
import type { Place } from '../clouds/gcp/places.ts';
import { addressRows, slotFact } from '../gcp-objects/address-slots.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { ensure, type Wanted } from '../gcp-objects/ensure.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import { release } from '../gcp-objects/release.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { deploymentUidLabel, instanceIndexLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import type { Missing } from './plan.ts';

/** How each interface is known on the internet, its address reserved where it is to be; or what is missing for that. */
export async function externalAccessOf(
  deps: GcpDeps,
  instance: Instance,
  place: Place,
  by: By,
): Promise<ExternalAccess[] | Missing> {
  const access: ExternalAccess[] = [];
  for (const [index, { externalAddress }] of instance.spec.networkInterfaces.entries()) {
    const policy = externalAddress ?? 'Ephemeral';
    if (policy !== 'Reserved') {
      access.push(policy);
      continue;
    }
    const wanted = wantedAddress(instance, index, place, by);
    const stage = await ensure(deps, wanted, await deps.cloudResources.find({ cloud: 'gcp', ...wanted }));
    const reserved = stage.at === 'ready' ? stage.row.facts[addressFact] : undefined;
    if (!reserved) return lacking(stage, index);
    access.push({ reserved });
  }
  return access;
}

/** The address belongs to the place in the deployment, so that the next instance there has it as well. */
function wantedAddress(instance: Instance, index: number, place: Place, by: By): Wanted<'compute.addresses'> {
  const { labels, uid } = instance.metadata;
  const ownerUid = labels?.[deploymentUidLabel] ?? uid;
  const slot = labels?.[instanceIndexLabel] ?? '';
  const name = addressName(ownerUid, slot, index);
  return {
    ...ownedIn(instance, by),
    ownerUid,
    account: place.account,
    scope: `regions/${place.region}`,
    type: 'compute.addresses',
    name,
    body: addressBody(name, { ownerKind: ownerUid === uid ? 'Instance' : 'WorkloadDeployment', ownerUid }),
    specHash: name,
    facts: { [slotFact]: slot },
  };
}

function lacking(stage: Stage, index: number): Missing {
  if (stage.at !== 'failed')
    return { reason: 'ProvisioningAddress', message: `The address of interface ${index} is being reserved` };
  return {
    reason: reasonOf(stage.failure) ?? 'ProvisioningAddress',
    message: describe(stage),
    retryAfterMs: Math.max(1, stage.retryAt.getTime() - Date.now()),
  };
}

/**
 * Gives back the reserved addresses of an instance that goes, once no machine has them. Where its deployment stays they are
 * the deployment's to keep for the next instance, or to give back.
 */
export async function releaseReserved(
  deps: GcpDeps & Pick<By, 'controller'>,
  context: RequestContext,
  instance: Instance,
): Promise<Stage[]> {
  const { labels, uid } = instance.metadata;
  const ownerUid = labels?.[deploymentUidLabel] ?? uid;
  if (ownerUid !== uid) {
    if (!instance.spec.networkInterfaces.some(({ externalAddress }) => externalAddress === 'Reserved')) return [];
    const name = controllerOf(instance)?.name;
    const key = { namespace: instance.metadata.namespace ?? '', name: name ?? '' };
    const deployment = name === undefined ? undefined : await deps.store.get(context, 'WorkloadDeployment', key);
    if (deployment !== undefined && deployment.metadata.uid === ownerUid && !isDeleting(deployment)) return [];
  }
  const slot = labels?.[instanceIndexLabel] ?? '';
  const rows = addressRows(await deps.cloudResources.ofOwners([ownerUid]));
  return settleAll(
    rows
      .filter(({ facts }) => facts[slotFact] === slot)
      .map((row) => release(deps, instance, { ...row, controller: deps.controller, ownerKey: keyOf(instance) })),
  );
}

import type { Network, NetworkContext, Subnet, SubnetClaim } from '../../kinds/generated/types.ts';
import type { NewObject } from '../../store/types.ts';
import { conditionOf, isTrue, notYetImplemented, type Verdict } from '../objects/condition.ts';
import { finalizers } from '../objects/finalizers.ts';
import { networkUidLabel } from '../objects/labels.ts';
import { controllerOf, isControlledBy, isDeleting, ownedBy } from '../objects/owner.ts';

/** Status of a claim, apart from its other conditions. */
export interface ClaimStatus {
  readonly ready: Verdict;
  /** Undefined until there is a subnet with a range; until then a claim may still be changed. */
  readonly subnetRef?: { readonly name: string };
  readonly startAddress?: string;
  readonly prefixLength?: number;
}

/** Reasons for which a subnet has no range; the claim shows the same. */
const refusals: ReadonlySet<string> = new Set(['AddressConflict', 'OutOfRange', 'RangeExhausted']);

/** The subnet that a claim has: the one made for it, or of a user's that fit the oldest, those with a range first. */
export function subnetOf(claim: SubnetClaim, subnets: readonly Subnet[]): Subnet | undefined {
  const own = subnets.find((subnet) => isControlledBy(subnet, claim.metadata.uid));
  return own ?? subnets.filter((subnet) => fits(claim, subnet)).toSorted(byUse)[0];
}

/** Whether a subnet is made for the claim: always, but for a claim without a range of its own in Policy mode. */
export function makesSubnet(claim: SubnetClaim, network: Network): boolean {
  return network.spec.ipam.mode === 'Auto' || typeof claim.spec.startAddress === 'string';
}

/** The subnet to make for a claim, but for its name. */
export function subnetObject(claim: SubnetClaim, context: NetworkContext, networkUid: string): NewObject {
  return {
    metadata: {
      namespace: claim.metadata.namespace ?? '',
      labels: { [networkUidLabel]: networkUid },
      finalizers: [finalizers.subnet],
      ownerReferences: [ownedBy(claim)],
    },
    spec: { ...requestOf(claim), networkContext: { name: context.metadata.name }, location: context.spec.location },
  };
}

/** What a claim asks of its subnet, and may still change while the subnet has no range. */
export function requestOf({
  spec,
}: SubnetClaim): Pick<Subnet['spec'], 'subnetClass' | 'ipFamily' | 'startAddress' | 'prefixLength'> {
  return {
    subnetClass: spec.subnetClass,
    ipFamily: spec.ipFamily,
    ...(typeof spec.startAddress === 'string' ? { startAddress: spec.startAddress } : {}),
    ...(typeof spec.prefixLength === 'number' ? { prefixLength: spec.prefixLength } : {}),
  };
}

/** Whether a subnet that was refused a range has to ask for another one, or one that has a range for a larger one. */
export function asksOtherwise(claim: SubnetClaim, subnet: Subnet): boolean {
  if (!isControlledBy(subnet, claim.metadata.uid)) return false;
  const wanted = claim.spec.prefixLength ?? 128;
  if (isTrue(subnet, 'Allocated') && wanted >= (subnet.spec.prefixLength ?? subnet.status?.prefixLength ?? 0))
    return false;
  return (
    (subnet.spec.startAddress ?? undefined) !== (claim.spec.startAddress ?? undefined) ||
    (subnet.spec.prefixLength ?? undefined) !== (claim.spec.prefixLength ?? undefined)
  );
}

/** Status of a claim whose context is known; without a subnet it waits for one. */
export function plan(claim: SubnetClaim, subnet: Subnet | undefined): ClaimStatus {
  if (subnet === undefined) {
    return {
      ready: notReady(
        `Waiting for a user to create an ${claim.spec.ipFamily} Subnet of class ${claim.spec.subnetClass}`,
      ),
    };
  }
  const { startAddress, prefixLength } = subnet.status ?? {};
  return {
    ready: readiness(subnet),
    ...(isTrue(subnet, 'Allocated') ? { subnetRef: { name: subnet.metadata.name } } : {}),
    ...(typeof startAddress === 'string' ? { startAddress } : {}),
    ...(typeof prefixLength === 'number' ? { prefixLength } : {}),
  };
}

export function notReady(message: string): Verdict {
  return { type: 'Ready', status: 'False', reason: 'SubnetNotReady', message };
}

function readiness(subnet: Subnet): Verdict {
  const { name } = subnet.metadata;
  if (isDeleting(subnet)) return notReady(`Subnet ${name} is being deleted`);
  if (isTrue(subnet, 'Ready'))
    return { type: 'Ready', status: 'True', reason: 'SubnetReady', message: `Subnet ${name} is ready` };
  const allocated = conditionOf(subnet, 'Allocated');
  if (allocated?.status === 'False' && refusals.has(allocated.reason)) {
    return { type: 'Ready', status: 'False', reason: allocated.reason, message: allocated.message };
  }
  const ready = conditionOf(subnet, 'Ready');
  if (ready?.reason === notYetImplemented) {
    return { type: 'Ready', status: 'False', reason: ready.reason, message: `Subnet ${name}: ${ready.message}` };
  }
  return notReady(
    ready?.status === 'False' ? `Subnet ${name}: ${ready.reason}: ${ready.message}` : `Waiting for Subnet ${name}`,
  );
}

function fits({ spec }: SubnetClaim, subnet: Subnet): boolean {
  if (controllerOf(subnet) !== undefined || isDeleting(subnet)) return false;
  return subnet.spec.subnetClass === spec.subnetClass && subnet.spec.ipFamily === spec.ipFamily;
}

function byUse(a: Subnet, b: Subnet): number {
  const [allocatedA, allocatedB] = [isTrue(a, 'Allocated'), isTrue(b, 'Allocated')];
  if (allocatedA !== allocatedB) return allocatedA ? -1 : 1;
  return ageAndName(a) < ageAndName(b) ? -1 : 1;
}

function ageAndName({ metadata }: Subnet): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}

import type { SubnetClaim } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import { groupSubnetClass } from '../objects/subnet-classes.ts';
import { claimIndexLabel } from '../objects/labels.ts';
import { conditionOf, isTrue, notYetImplemented } from '../objects/condition.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';

/** Class of the subnets that workloads ask for, by how their instances are made: a group takes its addresses by itself. */
export const subnetClasses = { Direct: 'private', Group: groupSubnetClass } as const;

type IpFamily = SubnetClaim['spec']['ipFamily'];

/** A network in the deployment's location, with what is there of it. */
export interface ContextView {
  readonly context: Key;
  /** Class of the subnets. */
  readonly subnetClass: string;
  /** Families of the network, in its order. */
  readonly families: readonly IpFamily[];
  /** All claims in the context, whoever made them. */
  readonly claims: readonly SubnetClaim[];
  /** Claims whose subnet has no address left, by uid. */
  readonly full: ReadonlySet<string>;
}

export interface ClaimWish {
  readonly family: IpFamily;
  /** The `<n>` of its name. */
  readonly index: number;
}

export interface ClaimSteps {
  readonly create: readonly ClaimWish[];
  /** What the first family without a ready subnet waits for; undefined when addresses can be given. */
  readonly waitingFor?: string;
}

/** Claims that deployments share: made by them, which shows in the owner. */
function madeClaims({ context, claims }: ContextView): SubnetClaim[] {
  return claims.filter((claim) => {
    const owner = controllerOf(claim);
    return owner?.kind === 'NetworkContext' && owner.name === context.name;
  });
}

/** Those of the class that is asked for. */
export function sharedClaims(view: ContextView): SubnetClaim[] {
  return madeClaims(view).filter((claim) => claim.spec.subnetClass === view.subnetClass);
}

/** A claim per family of the network, the next one when all of a family are full, and an IPv6 one for each IPv4 one. */
export function claimSteps(view: ContextView): ClaimSteps {
  const shared = sharedClaims(view);
  let index =
    1 + Math.max(-1, ...madeClaims(view).map((claim) => Number(claim.metadata.labels?.[claimIndexLabel] ?? -1)));
  const create: ClaimWish[] = [];
  const waiting: { readonly state: string; readonly isInPreparation: boolean }[] = [];
  const isOf = (family: IpFamily) => (claim: SubnetClaim) => claim.spec.ipFamily === family && !isDeleting(claim);
  // An IPv6 subnet shares the place of one IPv4 subnet in the cloud, so each of these needs one.
  const ipv4 = view.families.includes('IPv4') ? shared.filter(isOf('IPv4')).length : 0;
  for (const family of view.families) {
    const claims = shared.filter(isOf(family));
    const isShort = family === 'IPv6' && claims.length < ipv4;
    if (claims.every((claim) => view.full.has(claim.metadata.uid)) || isShort) create.push({ family, index: index++ });
    if (claims.some((claim) => isTrue(claim, 'Ready'))) continue;
    const isInPreparation = !claims.some((claim) => conditionOf(claim, 'Ready')?.reason === notYetImplemented);
    waiting.push({ state: stateOf(view.context, family, claims), isInPreparation });
  }
  // A family that the provider does not implement yet keeps nobody waiting, as long as there is another.
  const isAlone = waiting.length === view.families.length;
  const waitingFor = waiting.find((one) => one.isInPreparation) ?? (isAlone ? waiting[0] : undefined);
  return { create, ...(waitingFor === undefined ? {} : { waitingFor: waitingFor.state }) };
}

function stateOf(context: Key, family: IpFamily, claims: readonly SubnetClaim[]): string {
  for (const claim of claims) {
    const ready = conditionOf(claim, 'Ready');
    if (ready?.status === 'False') return `SubnetClaim ${claim.metadata.name}: ${ready.message}`;
  }
  return `Waiting for an ${family} subnet in ${context.name}`;
}

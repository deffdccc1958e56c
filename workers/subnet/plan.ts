import type { Network, Subnet } from '../../kinds/generated/types.ts';
import type { Cidr, IpFamily, Refusal } from '../../store/ipam/types.ts';
import { conditionOf, type Verdict } from '../objects/condition.ts';
import { assignedRangeAnnotation } from '../objects/labels.ts';

/** Prefix length of a subnet that does not ask for one, by class; other classes are as `private`. */
const defaultPrefixLengths: Readonly<Record<string, Readonly<Record<IpFamily, number>>>> = {
  private: { IPv4: 20, IPv6: 64 },
};
const otherClasses = { IPv4: 20, IPv6: 64 } as const;

/** Prefix length that a subnet asks for: its own, or its class's, but never more than its network has. */
export function prefixLengthOf(subnet: Subnet, range: Cidr): number {
  const { prefixLength, subnetClass, ipFamily } = subnet.spec;
  if (typeof prefixLength === 'number') return prefixLength;
  const byClass = (defaultPrefixLengths[subnetClass] ?? otherClasses)[ipFamily];
  return Math.max(byClass, Number(range.split('/')[1]));
}

/** In Policy mode a subnet says where it lies; nothing is given to one that does not. */
export function lacksRange(subnet: Subnet, network: Network): boolean {
  return network.spec.ipam.mode === 'Policy' && typeof subnet.spec.startAddress !== 'string';
}

/** The range that the cloud chose for a subnet; undefined where it leaves that to us. */
export function assignedRange({
  metadata,
}: Pick<Subnet, 'metadata'>): { startAddress: string; prefixLength: number } | undefined {
  const [startAddress = '', length = ''] = metadata.annotations?.[assignedRangeAnnotation]?.split('/') ?? [];
  return startAddress === '' || length === '' ? undefined : { startAddress, prefixLength: Number(length) };
}

/** Whether the cloud chose another range for a subnet than it has here. */
export function isElsewhere(subnet: Subnet, range: Cidr): boolean {
  const chosen = subnet.metadata.annotations?.[assignedRangeAnnotation];
  return chosen !== undefined && chosen !== range;
}

/** Whether a subnet that has this range asks for a larger one. */
export function asksForMore({ spec }: Subnet, range: Cidr): boolean {
  return typeof spec.prefixLength === 'number' && spec.prefixLength < Number(range.split('/')[1]);
}

/** Condition Expanded: absent until a larger range was asked for. */
function expandedVerdicts(subnet: Subnet, { block, growth }: Extract<Allocation, { ok: true }>): Verdict[] {
  if (growth !== undefined && growth !== 'grown') {
    const message = `${block} stays as it is: ${growth.message}`;
    return [verdict('Expanded', 'False', growth.reason, message)];
  }
  if (growth === undefined && conditionOf(subnet, 'Expanded') === undefined) return [];
  return [verdict('Expanded', 'True', 'Expanded', `Range ${block} is as large as was asked for`)];
}

/** What came of asking for a range. */
export type Allocation =
  | { readonly ok: true; readonly block: Cidr; readonly growth?: 'grown' | Refusal }
  | Refusal
  | { readonly ok: false; readonly reason: string; readonly message: string };

/** The part of a subnet's status that is this controller's, but for the use of its addresses. */
export interface SubnetStatus {
  readonly allocated: Verdict;
  readonly ready: Verdict;
  readonly expanded: readonly Verdict[];
  readonly startAddress?: string;
  readonly prefixLength?: number;
}

export function plan(subnet: Subnet, allocation: Allocation): SubnetStatus {
  if (!allocation.ok) {
    const { reason, message } = allocation;
    return {
      allocated: verdict('Allocated', 'False', reason, message),
      ready: verdict('Ready', 'False', reason, message),
      expanded: [],
    };
  }
  const [startAddress = '', length] = allocation.block.split('/');
  return {
    allocated: verdict('Allocated', 'True', 'PrefixAllocated', `Range ${allocation.block} is allocated`),
    ready: readiness(subnet),
    expanded: expandedVerdicts(subnet, allocation),
    startAddress,
    prefixLength: Number(length),
  };
}

function readiness(subnet: Subnet): Verdict {
  const programmed = conditionOf(subnet, 'Programmed');
  switch (programmed?.status) {
    case 'True':
      return verdict('Ready', 'True', 'Ready', 'Subnet is ready');
    case 'False':
      return verdict('Ready', 'False', programmed.reason, programmed.message);
    default:
      return verdict('Ready', 'False', 'NotProgrammed', 'Waiting for the provider');
  }
}

function verdict(type: string, status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type, status, reason, message };
}

/** `status.addresses`: how many of a range's addresses are given. */
export interface Use {
  readonly capacity: string;
  readonly allocated: number;
}

/** Whether the use that is shown is an old one, and not merely none. */
export function showsOldUse(subnet: Subnet, use: Use | undefined): boolean {
  const shown = subnet.status?.addresses;
  return (
    shown !== undefined &&
    use !== undefined &&
    (shown.allocated !== use.allocated || String(shown.capacity) !== String(use.capacity))
  );
}

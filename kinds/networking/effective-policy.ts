import type { Instance, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, PolicyType } from '../generated/types.ts';
import { selectsLabels } from '../label-selector.ts';

/** Where a rule comes from: the object, and the path in it. */
export interface RuleOrigin {
  readonly kind: 'NetworkPolicy' | 'Instance' | 'Implied';
  readonly namespace: string;
  readonly name: string;
  /** `spec.ingress[0]`; empty for what nobody wrote. */
  readonly path: string;
}

/** A rule that holds for an interface, as its author wrote it. */
export interface EffectiveRule {
  readonly direction: PolicyType;
  readonly action: 'Allow' | 'Deny';
  /** Rules with a lower number are asked first; of equals all are asked together. */
  readonly order: number;
  /** Empty: all ports. */
  readonly ports: readonly NetworkPolicyPort[];
  /** Empty: everyone. */
  readonly peers: readonly NetworkPolicyPeer[];
  readonly origin: RuleOrigin;
}

/** Interface policies come after all NetworkPolicy objects, whose priorities end at 1000. */
const interfaceOrder = 1_001;
/** What nobody wrote comes last. */
const impliedOrder = 1_002;

/** Directions that a policy is about: those it names, else those that it has rules for, else Ingress. */
export function directionsOf({ policyTypes = [], ingress = [], egress = [] }: NetworkPolicy['spec']): PolicyType[] {
  if (policyTypes.length > 0) return [...new Set(policyTypes)];
  const found: PolicyType[] = [
    ...(ingress.length > 0 || egress.length === 0 ? (['Ingress'] as const) : []),
    ...(egress.length > 0 ? (['Egress'] as const) : []),
  ];
  return found;
}

/** The policies of a network that select an instance with these labels, in order of precedence. */
export function policiesFor(
  policies: readonly NetworkPolicy[],
  labels: Readonly<Record<string, string>> | undefined,
): NetworkPolicy[] {
  return policies
    .filter(({ spec, metadata }) => !metadata.deletionTimestamp && selectsLabels(spec.instanceSelector ?? {}, labels))
    .toSorted((a, b) => priorityOf(a) - priorityOf(b) || (a.metadata.uid < b.metadata.uid ? -1 : 1));
}

/** Priority of a policy; a lower number goes first. */
export function priorityOf({ spec }: NetworkPolicy): number {
  return spec.priority ?? 1_000;
}

/** Rules of one policy for its directions. */
export function rulesOf(policy: NetworkPolicy): EffectiveRule[] {
  const { spec, metadata } = policy;
  const directions = directionsOf(spec);
  const from = (path: string): RuleOrigin => ({
    kind: 'NetworkPolicy',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    path,
  });
  const order = priorityOf(policy);
  const ingress = directions.includes('Ingress') ? (spec.ingress ?? []) : [];
  const egress = directions.includes('Egress') ? (spec.egress ?? []) : [];
  return [
    ...ingress.map(({ ports = [], from: peers = [] }, index) => ({
      direction: 'Ingress' as const,
      action: 'Allow' as const,
      order,
      ports,
      peers,
      origin: from(`spec.ingress[${index}]`),
    })),
    ...egress.map(({ ports = [], to: peers = [] }, index) => ({
      direction: 'Egress' as const,
      action: 'Allow' as const,
      order,
      ports,
      peers,
      origin: from(`spec.egress[${index}]`),
    })),
  ];
}

/**
 * Everything that decides about the traffic of one interface of an instance, in order: policies of its network by priority,
 * the interface's own policy, and what holds when none of them matches. `policies` are those of the interface's network.
 * A peer that is in an `except` of a rule, and that no other rule of the same order allows, is refused there and then.
 */
export function effectivePolicy(
  instance: Instance,
  interfaceIndex: number,
  policies: readonly NetworkPolicy[],
): EffectiveRule[] {
  const { metadata, spec } = instance;
  const selected = policiesFor(policies, metadata.labels);
  const own = spec.networkInterfaces[interfaceIndex]?.networkPolicy?.ingress ?? [];
  const path = `spec.networkInterfaces[${interfaceIndex}].networkPolicy`;
  const isEgressClosed = selected.some((policy) => directionsOf(policy.spec).includes('Egress'));
  const implied = { kind: 'Implied', namespace: '', name: '', path: '' } as const;
  return [
    ...selected.flatMap(rulesOf),
    ...own.map(({ ports = [], from: peers = [] }, index): EffectiveRule => ({
      direction: 'Ingress',
      action: 'Allow',
      order: interfaceOrder,
      ports,
      peers,
      origin: {
        kind: 'Instance',
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        path: `${path}.ingress[${index}]`,
      },
    })),
    { direction: 'Ingress', action: 'Deny', order: impliedOrder, ports: [], peers: [], origin: implied },
    {
      direction: 'Egress',
      action: isEgressClosed ? 'Deny' : 'Allow',
      order: impliedOrder,
      ports: [],
      peers: [],
      origin: implied,
    },
  ];
}

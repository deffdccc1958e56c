import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../sdk/main.ts';

/** A rule in words. */
export interface RuleWords {
  readonly direction: 'Ingress' | 'Egress';
  /** `TCP 443`, `all ports`. */
  readonly ports: string;
  /** `10.0.0.0/8 except 10.1.0.0/16`, `everyone`. */
  readonly peers: string;
}

/** The rules of a policy in words. A direction that it is about and that has no rules denies all of it. */
export function rulesOf({ spec }: NetworkPolicy): RuleWords[] {
  const { ingress = [], egress = [] } = spec;
  return [
    ...ingress.map(({ ports, from }) => wordsOfRule('Ingress', ports, from)),
    ...egress.map(({ ports, to }) => wordsOfRule('Egress', ports, to)),
  ];
}

/** Directions that a policy is about: those that it names, else those that have rules, else what comes in. */
export function directionsOf({ spec }: NetworkPolicy): ('Ingress' | 'Egress')[] {
  const { ingress = [], egress = [], policyTypes = [] } = spec;
  if (policyTypes.length > 0) return [...policyTypes];
  const own = [
    ...(ingress.length > 0 ? (['Ingress'] as const) : []),
    ...(egress.length > 0 ? (['Egress'] as const) : []),
  ];
  return own.length > 0 ? own : ['Ingress'];
}

/** A rule in words, from its parts. */
export function wordsOfRule(
  direction: RuleWords['direction'],
  ports: readonly NetworkPolicyPort[] = [],
  peers: readonly NetworkPolicyPeer[] = [],
): RuleWords {
  return {
    direction,
    ports: ports.length === 0 ? 'all ports' : ports.map(portText).join(', '),
    peers: peers.length === 0 ? 'everyone' : peers.map(peerText).join(', '),
  };
}

/** `tier=edge, env in (a, b)`; what selects everything is `all instances`. */
export function selectorText(selector: LabelSelector | null | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    switch (operator) {
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return `${key} ${operator === 'In' ? 'in' : 'not in'} (${(values ?? []).join(', ')})`;
    }
  });
  return [...labels, ...expressions].join(', ') || 'all instances';
}

function portText({ protocol, port, endPort }: NetworkPolicyPort): string {
  const name = protocol ?? 'TCP';
  if (port === undefined || port === null) return `all ${name} ports`;
  return `${name} ${port}${endPort === undefined || endPort === null ? '' : `–${endPort}`}`;
}

function peerText({ ipBlock, instanceSelector }: NetworkPolicyPeer): string {
  if (ipBlock) {
    const except = ipBlock.except ?? [];
    return `${ipBlock.cidr}${except.length === 0 ? '' : ` except ${except.join(', ')}`}`;
  }
  return instanceSelector ? `instances with ${selectorText(instanceSelector)}` : 'everyone';
}

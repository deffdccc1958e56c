import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation, Projection } from './cloud-object.ts';
import { specHash } from './hash.ts';
import { descriptionOf, type Marker, markerOf } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';
import { networkReference, normalReference } from './references.ts';

export type FirewallBody = compute_v1.Schema$Firewall;

/** Protocol, and the ports it is about: all of them when absent. */
export interface FirewallMatch {
  /** `tcp`, `udp`, `sctp`, `icmp`, `esp`, `ah`, `ipip` or `all`. */
  readonly protocol: string;
  /** `80` or `1000-2000`. */
  readonly ports?: readonly string[];
}

/** A rule for the machines with one tag. */
export interface FirewallRule {
  readonly action: 'allow' | 'deny';
  readonly direction: 'INGRESS' | 'EGRESS';
  /** 0 to 65535; a lower number goes first, and of equals a deny. */
  readonly priority: number;
  /** Where it comes from, or goes to; at least one, all IPv4 or all IPv6. */
  readonly ranges: readonly string[];
  readonly matches: readonly FirewallMatch[];
  /** Addresses of instances that are among the ranges. */
  readonly hosts?: readonly string[];
}

export function firewallBody(firewall: {
  readonly account: string;
  readonly name: string;
  readonly network: string;
  readonly targetTag: string;
  readonly rule: FirewallRule;
  readonly marker: Omit<Marker, 'specHash'>;
}): FirewallBody {
  const { account, name, network, targetTag, rule, marker } = firewall;
  const matches = rule.matches.map(({ protocol, ports }) => ({
    IPProtocol: protocol,
    ...(ports === undefined ? {} : { ports: [...ports] }),
  }));
  const wanted = {
    name,
    network: networkReference(account, network),
    direction: rule.direction,
    priority: rule.priority,
    [rule.direction === 'INGRESS' ? 'sourceRanges' : 'destinationRanges']: [...rule.ranges],
    targetTags: [targetTag],
    ...(rule.action === 'allow' ? { allowed: matches } : { denied: matches }),
  };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection(firewall: FirewallBody, account: string): Projection {
  const matches = (entries: FirewallBody['allowed'] | FirewallBody['denied']) =>
    entries?.map(({ IPProtocol, ports }) => `${IPProtocol}:${ports?.toSorted().join() ?? ''}`).toSorted();
  return {
    network: normalReference(firewall.network ?? '', account),
    direction: firewall.direction ?? 'INGRESS',
    priority: firewall.priority ?? 1_000,
    disabled: firewall.disabled ?? false,
    sourceRanges: firewall.sourceRanges?.toSorted(),
    destinationRanges: firewall.destinationRanges?.toSorted(),
    sourceTags: firewall.sourceTags?.toSorted(),
    targetTags: firewall.targetTags?.toSorted(),
    allowed: matches(firewall.allowed),
    denied: matches(firewall.denied),
  };
}

function observe(firewall: FirewallBody, account: string): Observation {
  return {
    targetId: firewall.id ?? '',
    marker: markerOf(firewall.description),
    projection: projection(firewall, account),
    facts: {},
    settled: true,
  };
}

export const firewalls: CloudApi<FirewallBody> = {
  visibleAtOnce: false,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.firewalls.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.firewalls.get({ project: account, firewall: name }));
    return found && observe(found, account);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.firewalls.delete({ project: account, firewall: name, requestId })),
  list: ({ compute }, account) =>
    observeAll(
      (page) => compute.firewalls.list({ project: account, ...page }),
      (firewall) => observe(firewall, account),
    ),
  async patch({ compute }, { account, name }, body, requestId) {
    // A full replacement: with a merge, what somebody added would stay.
    const requestBody = { disabled: false, ...body };
    return progressOf(
      (await compute.firewalls.update({ project: account, firewall: name, requestId, requestBody })).data,
    );
  },
};

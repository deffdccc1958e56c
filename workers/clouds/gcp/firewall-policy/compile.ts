import type { FirewallRule } from '../firewalls.ts';
import { cidrsOf, difference, type Family, familyOf, type IpSet, setOf, union } from './ip-set.ts';
import {
  allFlows,
  type Flow,
  flowOf,
  lastPort,
  matchesOf,
  type NamedPort,
  type PolicyPort,
  protocols,
} from './ports.ts';

/** A range of addresses, with holes. */
export interface Block {
  readonly cidr: string;
  readonly except?: readonly string[] | null;
}

/** A rule whose peers are resolved: `everyone`, or these blocks and hosts, which may be none. */
export interface PeerRule {
  /** Where it stands, for problems: `spec.ingress[0]`. */
  readonly path: string;
  readonly ports?: readonly PolicyPort[] | null;
  readonly peers: 'everyone' | readonly Block[];
  /** Addresses of instances that are peers. */
  readonly hosts: readonly string[];
}

/** Rules that are asked together: what one of them allows, no other refuses. */
export interface Level {
  readonly direction: FirewallRule['direction'];
  /** Precedences of what is allowed, and of what `except` takes out, which comes right before. */
  readonly allow: number;
  readonly deny: number;
  readonly rules: readonly PeerRule[];
}

/** Interface policies: the lowest precedences of all. */
export const interfacePrecedence = { allow: 65_534, deny: 65_533 } as const;

const everyone: Readonly<Record<Family, string>> = { IPv4: '0.0.0.0/0', IPv6: '::/0' };

/** A rule that could not be followed in full. */
export interface PolicyProblem {
  /** `spec.ingress[0].ports[1]` */
  readonly path: string;
  readonly message: string;
}

/** One rule, resolved, for one family. */
interface Grant {
  readonly flows: readonly Flow[];
  readonly blocks: readonly { readonly range: IpSet; readonly holes: IpSet }[];
}

/**
 * Firewalls that decide exactly as the rules of a level say. A rule allows its ranges as they are written, and what `except`
 * takes out is denied one precedence above, less whatever another rule of the level allows: rules add up, so a hole in one
 * must not close another. What cannot be resolved is left out, never opened.
 */
export function compileLevel(
  { direction, allow, deny, rules }: Level,
  context: { readonly namedPorts: readonly NamedPort[]; readonly families: readonly Family[] },
): { readonly firewalls: readonly FirewallRule[]; readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  const resolved = rules.map((rule) => ({
    flows: flowsOf(rule, context.namedPorts, problems),
    peers: rule.peers,
    hosts: rule.hosts,
  }));
  const firewalls: FirewallRule[] = [];
  for (const family of context.families) {
    const grants: Grant[] = [];
    for (const { flows, peers, hosts } of resolved) {
      const own = hosts.filter((host) => familyOf(host) === family);
      const blocks: readonly Block[] =
        peers === 'everyone'
          ? [{ cidr: everyone[family] }]
          : [...peers.filter(({ cidr }) => familyOf(cidr) === family), ...own.map((cidr) => ({ cidr }))];
      if (flows.length === 0 || blocks.length === 0) continue;
      const sets = blocks.map(({ cidr, except }) => ({
        range: setOf(cidr),
        holes: union(...(except ?? []).map(setOf)),
      }));
      grants.push({ flows, blocks: sets });
      const ranges = cidrsOf(union(...sets.map(({ range }) => range)), family);
      const named = own.length === 0 ? {} : { hosts: own };
      firewalls.push({ action: 'allow', direction, priority: allow, ranges, matches: matchesOf(flows), ...named });
    }
    for (const denial of denials(grants, family))
      firewalls.push({ action: 'deny', direction, priority: deny, ...denial });
  }
  return { firewalls, problems };
}

/** Firewalls that refuse everything that nothing before them allows. */
export function closed(direction: FirewallRule['direction'], families: readonly Family[]): FirewallRule[] {
  return families.map((family) => ({
    action: 'deny',
    direction,
    priority: interfacePrecedence.allow,
    ranges: [everyone[family]],
    matches: matchesOf(allFlows),
  }));
}

function flowsOf({ path, ports }: PeerRule, named: readonly NamedPort[], problems: PolicyProblem[]): readonly Flow[] {
  if (!ports?.length) return allFlows;
  return ports.flatMap((port, index) => {
    const flow = flowOf(port, named);
    if (typeof flow !== 'string') return [flow];
    problems.push({ path: `${path}.ports[${index}]`, message: flow });
    return [];
  });
}

/** Denials of what is in some hole and allowed by nothing, for each stretch of ports in which that is the same. */
function denials(grants: readonly Grant[], family: Family): Pick<FirewallRule, 'ranges' | 'matches'>[] {
  const flowsByHole = new Map<string, Flow[]>();
  for (const flow of stretches(grants)) {
    const blocks = grants
      .filter(({ flows }) => flows.some((one) => covers(one, flow)))
      .flatMap((grant) => grant.blocks);
    const allowed = union(...blocks.map(({ range, holes }) => difference(range, holes)));
    const denied = difference(union(...blocks.map(({ holes }) => holes)), allowed);
    if (denied.length === 0) continue;
    const key = cidrsOf(denied, family).join();
    flowsByHole.set(key, [...(flowsByHole.get(key) ?? []), flow]);
  }
  return [...flowsByHole].map(([hole, flows]) => ({ ranges: hole.split(','), matches: matchesOf(flows) }));
}

/** Every protocol's ports, cut wherever some flow begins or ends. */
function stretches(grants: readonly Grant[]): Flow[] {
  const flows = grants.flatMap((grant) => grant.flows);
  return protocols.flatMap((protocol) => {
    const own = flows.filter((flow) => flow.protocol === protocol);
    const starts = [...new Set([0, ...own.flatMap(({ first, last }) => [first, last + 1])])]
      .filter((port) => port <= lastPort)
      .toSorted((a, b) => a - b);
    return starts.map((first, index) => ({ protocol, first, last: (starts[index + 1] ?? lastPort + 1) - 1 }));
  });
}

function covers(flow: Flow, stretch: Flow): boolean {
  return flow.protocol === stretch.protocol && flow.first <= stretch.first && stretch.last <= flow.last;
}

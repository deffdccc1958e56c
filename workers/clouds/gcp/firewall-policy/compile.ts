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

/** Who may connect, as a user writes it. */
interface PolicyPeer {
  readonly ipBlock?: Block | null;
}

interface Block {
  readonly cidr: string;
  readonly except?: readonly string[] | null;
}

export interface PolicyRule {
  readonly ports?: readonly PolicyPort[] | null;
  readonly from?: readonly PolicyPeer[] | null;
}

/** Precedence of what interface policies allow: the lowest of all; what `except` takes out goes right before. */
const allowPriority = 65_534;
const denyPriority = 65_533;

const everyone: Readonly<Record<Family, string>> = { IPv4: '0.0.0.0/0', IPv6: '::/0' };

/** A rule that could not be followed in full. */
export interface PolicyProblem {
  /** `ingress[0].ports[1]` */
  readonly path: string;
  readonly message: string;
}

/** One rule, resolved, for one family. */
interface Grant {
  readonly flows: readonly Flow[];
  readonly blocks: readonly { readonly range: IpSet; readonly holes: IpSet }[];
}

/**
 * Firewalls that let in exactly what the rules of one interface say, for machines that nothing else lets in. A rule allows
 * its ranges as they are written, and what `except` takes out is denied one precedence above, less whatever another rule
 * allows: rules add up, so a hole in one must not close another. What cannot be resolved is left out, never opened.
 */
export function compilePolicy(
  rules: readonly PolicyRule[],
  context: { readonly namedPorts: readonly NamedPort[]; readonly families: readonly Family[] },
): { readonly firewalls: readonly FirewallRule[]; readonly problems: readonly PolicyProblem[] } {
  const problems: PolicyProblem[] = [];
  const resolved = rules.map((rule, index) => {
    const flows = flowsOf(rule, `ingress[${index}]`, context.namedPorts, problems);
    const peers = peersOf(rule, `ingress[${index}]`, problems);
    return { flows, peers };
  });
  const firewalls: FirewallRule[] = [];
  for (const family of context.families) {
    const grants: Grant[] = [];
    for (const { flows, peers } of resolved) {
      const blocks: readonly Block[] =
        peers === 'everyone' ? [{ cidr: everyone[family] }] : peers.filter(({ cidr }) => familyOf(cidr) === family);
      if (flows.length === 0 || blocks.length === 0) continue;
      const sets = blocks.map(({ cidr, except }) => ({
        range: setOf(cidr),
        holes: union(...(except ?? []).map(setOf)),
      }));
      grants.push({ flows, blocks: sets });
      const sourceRanges = cidrsOf(union(...sets.map(({ range }) => range)), family);
      firewalls.push({ action: 'allow', priority: allowPriority, sourceRanges, matches: matchesOf(flows) });
    }
    firewalls.push(...denials(grants, family));
  }
  return { firewalls, problems };
}

function flowsOf(
  rule: PolicyRule,
  path: string,
  named: readonly NamedPort[],
  problems: PolicyProblem[],
): readonly Flow[] {
  if (!rule.ports?.length) return allFlows;
  return rule.ports.flatMap((port, index) => {
    const flow = flowOf(port, named);
    if (typeof flow !== 'string') return [flow];
    problems.push({ path: `${path}.ports[${index}]`, message: flow });
    return [];
  });
}

function peersOf(rule: PolicyRule, path: string, problems: PolicyProblem[]): 'everyone' | readonly Block[] {
  if (!rule.from?.length) return 'everyone';
  return rule.from.flatMap(({ ipBlock }, index) => {
    if (ipBlock) return [ipBlock];
    problems.push({ path: `${path}.from[${index}]`, message: 'only ipBlock is followed so far' });
    return [];
  });
}

/** Denials of what is in some hole and allowed by nothing, for each stretch of ports in which that is the same. */
function denials(grants: readonly Grant[], family: Family): FirewallRule[] {
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
  return [...flowsByHole].map(([hole, flows]) => ({
    action: 'deny',
    priority: denyPriority,
    sourceRanges: hole.split(','),
    matches: matchesOf(flows),
  }));
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

import { directionsOf, policiesFor, priorityOf, rulesOf } from '../../../kinds/networking/effective-policy.ts';
import type { IPFamily, NetworkPolicy } from '../../../kinds/generated/types.ts';
import { closed, compileLevel, type Level } from '../../clouds/gcp/firewall-policy/compile.ts';
import type { NamedPort } from '../../clouds/gcp/firewall-policy/ports.ts';
import type { FirewallRule } from '../../clouds/gcp/firewalls.ts';
import { policyTag } from '../../clouds/gcp/names.ts';
import { type Member, peersAmong } from './members.ts';
import { namedPortsOf } from './named-ports.ts';

/** The instances that the same policies select, with the same named ports: the same rules hold for all of them. */
export interface PolicyGroup {
  /** Carried by their machines, and by no other. */
  readonly tag: string;
  readonly policies: readonly NetworkPolicy[];
  readonly members: readonly Member[];
  readonly firewalls: readonly FirewallRule[];
  /** Parts of rules that could not be followed. */
  readonly problems: readonly { readonly policyUid: string; readonly message: string }[];
}

/** What the groups of a network are made from. */
export interface PolicyWorld {
  readonly networkUid: string;
  readonly families: readonly IPFamily[];
  readonly policies: readonly NetworkPolicy[];
  readonly members: readonly Member[];
}

/**
 * Divides the instances of a network into groups. One tag for each group, not for each policy: Google decides by precedence
 * alone, so what one policy takes out must be known together with what the others allow for the same machine.
 */
export function groupsOf(world: PolicyWorld): PolicyGroup[] {
  const found = new Map<string, { policies: NetworkPolicy[]; ports: NamedPort[]; members: Member[] }>();
  for (const member of world.members) {
    const policies = policiesFor(world.policies, member.instance.metadata.labels);
    if (policies.length === 0) continue;
    const ports = portsNamedIn(policies, namedPortsOf(member.instance.spec));
    const tag = policyTag(world.networkUid, { policies: policies.map(({ metadata }) => metadata.uid), ports });
    const group = found.get(tag);
    if (group === undefined) found.set(tag, { policies, ports, members: [member] });
    else group.members.push(member);
  }
  return [...found].map(([tag, group]) => ({ tag, ...group, ...compiled(world, group) }));
}

/** The tag of the group that an instance belongs to; undefined where no policy selects it. */
export function groupOf(groups: readonly PolicyGroup[], instanceUid: string): PolicyGroup | undefined {
  return groups.find(({ members }) => members.some(({ instance }) => instance.metadata.uid === instanceUid));
}

/** Only names that some rule uses matter, in a fixed order. */
function portsNamedIn(policies: readonly NetworkPolicy[], named: readonly NamedPort[]): NamedPort[] {
  const used = new Set(
    policies
      .flatMap(rulesOf)
      .flatMap(({ ports }) => ports.flatMap(({ port }) => (typeof port === 'string' ? [port] : []))),
  );
  return named
    .filter(({ name }) => used.has(name))
    .map(({ name, port, protocol }) => ({ name, port, protocol: protocol ?? 'TCP' }))
    .toSorted((a, b) => (`${a.name}/${a.protocol}` < `${b.name}/${b.protocol}` ? -1 : 1));
}

/** Precedences of the policies of one priority: two for each, after those that operators keep for themselves. */
function precedenceOf(priority: number): Pick<Level, 'allow' | 'deny'> {
  return { deny: 1_000 + 2 * priority, allow: 1_001 + 2 * priority };
}

function compiled(
  { families, members }: PolicyWorld,
  { policies, ports }: { readonly policies: readonly NetworkPolicy[]; readonly ports: readonly NamedPort[] },
): Pick<PolicyGroup, 'firewalls' | 'problems'> {
  const firewalls: FirewallRule[] = [];
  const problems: { policyUid: string; message: string }[] = [];
  const rules = policies.flatMap((policy) => rulesOf(policy).map((rule) => ({ rule, policyUid: policy.metadata.uid })));
  for (const priority of new Set(policies.map(priorityOf))) {
    for (const direction of ['Ingress', 'Egress'] as const) {
      const own = rules.filter(({ rule }) => rule.order === priority && rule.direction === direction);
      const level: Level = {
        direction: direction === 'Ingress' ? 'INGRESS' : 'EGRESS',
        ...precedenceOf(priority),
        // The index finds the policy of a problem again.
        rules: own.map(({ rule: { ports, peers, origin } }, index) => ({
          path: `${index}:${origin.path}`,
          ports,
          ...peersAmong(members, peers),
        })),
      };
      const result = compileLevel(level, { namedPorts: ports, families });
      firewalls.push(...result.firewalls);
      for (const { path, message } of result.problems) {
        const [index = '', where = ''] = path.split(/:(.*)/s);
        const policyUid = own[Number(index)]?.policyUid;
        if (policyUid !== undefined) problems.push({ policyUid, message: `${where}: ${message}` });
      }
    }
  }
  // Google lets everything out, and nothing in, where no rule says otherwise.
  if (policies.some(({ spec }) => directionsOf(spec).includes('Egress'))) firewalls.push(...closed('EGRESS', families));
  return { firewalls, problems };
}

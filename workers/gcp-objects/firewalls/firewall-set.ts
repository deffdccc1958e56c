import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import type { FirewallRule } from '../../clouds/gcp/firewalls.ts';
import { settleAll } from '../../objects/settle-all.ts';
import type { GcpDeps } from '../deps.ts';
import { drop } from '../drop.ts';
import { ensure, type Wanted } from '../ensure.ts';
import type { Stage } from '../stage.ts';

/** Facts of a firewall: whether it takes away or gives, the tag of the machines that it is about, and whom it lets in. */
export const firewallFacts = { action: 'action', tag: 'tag', hosts: 'hosts' } as const;

export function factsOf({ action, hosts }: FirewallRule, tag: string): Record<string, string> {
  return {
    [firewallFacts.action]: action,
    [firewallFacts.tag]: tag,
    ...(hosts === undefined ? {} : { [firewallFacts.hosts]: hosts.join() }),
  };
}

export type WantedFirewall = Wanted<'compute.firewalls'> & { readonly rule: FirewallRule };

/** Takes the firewalls of an owner towards those that are wanted, and what is left over away. */
export async function applyFirewalls(
  deps: GcpDeps,
  rows: readonly CloudResource[],
  wanted: readonly WantedFirewall[],
  left: readonly CloudResource[],
): Promise<Stage[]> {
  const ensureAll = (action: FirewallRule['action']) =>
    settleAll(
      wanted
        .filter(({ rule }) => rule.action === action)
        .map((one) =>
          ensure(
            deps,
            one,
            rows.find((row) => row.name === one.name && row.account === one.account),
          ),
        ),
    );
  // What takes away comes before what gives, and goes after it: nothing is open in between that should not be.
  const stages = await ensureAll('deny');
  if (stages.some(({ at }) => at !== 'ready')) return stages;
  stages.push(...(await ensureAll('allow')));
  // Where there is no room for another firewall, the old ones have to make it.
  const mayDrop = stages.every(
    (stage) => stage.at === 'ready' || (stage.at === 'failed' && stage.failure.class === 'quota'),
  );
  if (!mayDrop) return stages;
  const dropped = await dropFirewalls(left, (row) => drop(deps, row));
  return [...stages, ...dropped.filter(({ at }) => at !== 'gone')];
}

/** Takes firewalls away, those that give before those that take away. */
export async function dropFirewalls(
  rows: readonly CloudResource[],
  dropOne: (row: CloudResource) => Promise<Stage>,
): Promise<Stage[]> {
  const isDenial = ({ facts }: CloudResource) => facts[firewallFacts.action] === 'deny';
  const given = await settleAll(rows.filter((row) => !isDenial(row)).map(dropOne));
  if (given.some(({ at }) => at !== 'gone')) return given;
  return [...given, ...(await settleAll(rows.filter(isDenial).map(dropOne)))];
}

/** Rows of firewalls that are not among the wanted ones. */
export function leftovers(rows: readonly CloudResource[], wanted: readonly WantedFirewall[]): CloudResource[] {
  const kept = new Set(wanted.map(({ account, name }) => `${account}/${name}`));
  return rows.filter((row) => row.type === 'compute.firewalls' && !kept.has(`${row.account}/${row.name}`));
}

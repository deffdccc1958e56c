import type { Network, NetworkPolicy } from '../../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../../kinds/object.ts';
import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import type { RequestContext, Store } from '../../../store/types.ts';
import { firewallBody } from '../../clouds/gcp/firewalls.ts';
import { networkName, policyFirewallName } from '../../clouds/gcp/names.ts';
import { familiesOf } from '../../objects/ip-families.ts';
import { type By, ownedIn } from '../owned.ts';
import { factsOf, firewallFacts, type WantedFirewall } from './firewall-set.ts';
import { groupsOf, type PolicyGroup } from './groups.ts';
import { readMembers } from './read-members.ts';

/** Controller that follows the policies of networks; their firewalls are known under its name. */
export const policyController = 'gcp-network-policy';

/** Fact of a machine's row: the policy tags that the machine was last told to carry, joined by commas. */
export const policyTagsFact = 'policyTags';

/** The policies of a network, in name order; those that are being deleted do not count any more. */
export async function readPolicies(store: Store, context: RequestContext, network: Key): Promise<NetworkPolicy[]> {
  const { items } = await store.list(context, 'NetworkPolicy', { refersTo: { kind: 'Network', ...network } });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The groups of a network's instances; none where there are no policies, without looking at the instances. */
export async function readGroups(
  store: Store,
  context: RequestContext,
  network: Network,
  policies: readonly NetworkPolicy[],
): Promise<PolicyGroup[]> {
  if (policies.length === 0) return [];
  const members = await readMembers(store, context, keyOf(network));
  return groupsOf({ networkUid: network.metadata.uid, families: familiesOf(network), policies, members });
}

/** The firewalls of a group in a project; named by their content, so that a rule is the same one wherever it comes from. */
export function wantedFirewalls(
  network: Network,
  { tag, firewalls }: Pick<PolicyGroup, 'tag' | 'firewalls'>,
  account: string,
  project: string,
): WantedFirewall[] {
  const { uid } = network.metadata;
  const by: By = { project, controller: policyController };
  const marker = { ownerKind: 'Network', ownerUid: uid };
  const wanted = firewalls.map((rule): WantedFirewall => {
    const name = policyFirewallName(uid, { tag, rule });
    const body = firewallBody({ account, name, network: networkName(uid), targetTag: tag, rule, marker });
    return {
      ...ownedIn(network, by),
      account,
      scope: 'global',
      type: 'compute.firewalls',
      name,
      body,
      specHash: name,
      facts: factsOf(rule, tag),
      rule,
    };
  });
  return [...new Map(wanted.map((one) => [one.name, one])).values()];
}

/** Whether all firewalls of a group are in force in a project. */
export function isInForce(wanted: readonly WantedFirewall[], rows: readonly CloudResource[]): boolean {
  return wanted.every(({ name, account }) =>
    rows.some((row) => row.name === name && row.account === account && row.state === 'ready' && row.verb === 'none'),
  );
}

/** Whether a firewall still lets in, or out to, one of these addresses because an instance had it. */
export function namesHost(rows: readonly CloudResource[], addresses: readonly string[]): boolean {
  return rows.some((row) => {
    const hosts = row.facts[firewallFacts.hosts]?.split(',') ?? [];
    return addresses.some((address) => hosts.includes(address));
  });
}

/** Tags that a machine was told to carry for policies. */
export function policyTagsOf(row: CloudResource | undefined): string[] {
  return row?.facts[policyTagsFact]?.split(',').filter(Boolean) ?? [];
}

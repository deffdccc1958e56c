import type { Instance } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import type { RequestContext } from '../../store/types.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { groupOf, type PolicyGroup } from '../gcp-objects/firewalls/groups.ts';
import { networksOf } from '../gcp-objects/firewalls/members.ts';
import { isInForce, namesHost, readGroups, readPolicies, wantedFirewalls } from '../gcp-objects/firewalls/world.ts';
import type { Network } from '../../kinds/generated/types.ts';

/** The policy tags that an instance's machine is to carry, and the networks whose rules for it are not in force yet. */
export interface PolicyTags {
  readonly tags: readonly string[];
  readonly pending: readonly Key[];
}

interface NetworkGroups {
  readonly network: Network;
  readonly groups: readonly PolicyGroup[];
}

/** What policies make of the instances of a network. */
export interface Policies {
  tagsOf(context: RequestContext, instance: Instance, account: string): Promise<PolicyTags>;
  /** Whether a rule still names an address that the instance has: it must not be given to another before that. */
  isStillPeer(context: RequestContext, instance: Instance, addresses: readonly string[]): Promise<boolean>;
}

/** For how long groups are remembered: the controller of the policies wakes whom a change concerns for longer than that. */
const rememberedForMs = 500;

export function createPolicies(deps: GcpDeps, now: () => number = Date.now): Policies {
  const known = new Map<string, { readonly untilMs: number; readonly groups: Promise<NetworkGroups | undefined> }>();

  function groupsOn(context: RequestContext, key: Key): Promise<NetworkGroups | undefined> {
    const at = `${context.project}/${key.namespace}/${key.name}`;
    const entry = known.get(at);
    if (entry !== undefined && entry.untilMs > now()) return entry.groups;
    if (known.size > 1_000) known.clear();
    const groups = read(context, key);
    known.set(at, { untilMs: now() + rememberedForMs, groups });
    groups.catch(() => known.delete(at));
    return groups;
  }

  async function read(context: RequestContext, key: Key): Promise<NetworkGroups | undefined> {
    const policies = await readPolicies(deps.store, context, key);
    if (policies.length === 0) return undefined;
    const network = await deps.store.get(context, 'Network', key);
    return network && { network, groups: await readGroups(deps.store, context, network, policies) };
  }

  return {
    async tagsOf(context, instance, account) {
      const tags: string[] = [];
      const pending: Key[] = [];
      for (const key of distinct(networksOf(instance))) {
        const found = await groupsOn(context, key);
        const group = found && groupOf(found.groups, instance.metadata.uid);
        if (found === undefined || group === undefined) continue;
        const wanted = wantedFirewalls(found.network, group, account, context.project);
        const rows = wanted.length === 0 ? [] : await deps.cloudResources.ofOwners([found.network.metadata.uid]);
        if (isInForce(wanted, rows)) tags.push(group.tag);
        else pending.push(key);
      }
      return { tags: tags.toSorted(), pending };
    },
    async isStillPeer(context, instance, addresses) {
      if (addresses.length === 0) return false;
      for (const key of distinct(networksOf(instance))) {
        const about = { refersTo: { kind: 'Network', ...key } };
        const [network, deployments] = await Promise.all([
          deps.store.get(context, 'Network', key),
          deps.store.list(context, 'WorkloadDeployment', about),
        ]);
        const owners = deployments.items.map(({ metadata }) => metadata.uid);
        if (network !== undefined) owners.push(network.metadata.uid);
        if (namesHost(await deps.cloudResources.ofOwners(owners), addresses)) return true;
      }
      return false;
    },
  };
}

function distinct(keys: readonly Key[]): Key[] {
  return [...new Map(keys.map((key) => [`${key.namespace}/${key.name}`, key])).values()];
}

import { rowsIn } from '../core/collection-rows.ts';
import type { ResourceRow } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { Endpoint, FirewallRule } from '../net/reachability.ts';
import { referredKey } from './references.ts';
import { projectOfKey } from './scope.ts';

/** The rules in force in a network. */
export function rulesOf(world: World, networkKey: string): readonly FirewallRule[] {
  return rowsIn(world, `projects/${projectOfKey(networkKey)}/global/firewalls`)
    .filter(({ body, phase }) => phase !== 'creating' && body['disabled'] !== true)
    .filter(({ body }) => referredKey(stringAt(body, 'network')) === networkKey)
    .map(({ body }) => ruleOf(body));
}

function ruleOf(body: JsonObject): FirewallRule {
  const allowed = objectsAt(body, 'allowed');
  const direction = body['direction'] === 'EGRESS' ? 'EGRESS' : 'INGRESS';
  return {
    name: stringAt(body, 'name') ?? '',
    direction,
    priority: numberAt(body, 'priority') ?? 1000,
    action: allowed.length > 0 ? 'allow' : 'deny',
    protocols: (allowed.length > 0 ? allowed : objectsAt(body, 'denied')).map((match) => ({
      protocol: stringAt(match, 'IPProtocol') ?? '',
      ports: stringsAt(match, 'ports'),
    })),
    ranges: stringsAt(body, direction === 'INGRESS' ? 'sourceRanges' : 'destinationRanges'),
    destinations: direction === 'INGRESS' ? stringsAt(body, 'destinationRanges') : [],
    sourceTags: stringsAt(body, 'sourceTags'),
    sourceServiceAccounts: stringsAt(body, 'sourceServiceAccounts'),
    targetTags: stringsAt(body, 'targetTags'),
    targetServiceAccounts: stringsAt(body, 'targetServiceAccounts'),
  };
}

/** An interface of a machine, and what rules know of it. */
export interface Interface {
  readonly name: string;
  readonly networkKey: string;
  readonly internal: string | undefined;
  readonly external: string | undefined;
  readonly internalV6: string | undefined;
  readonly externalV6: string | undefined;
  readonly tags: readonly string[];
  readonly serviceAccounts: readonly string[];
}

export function interfacesOf({ body }: ResourceRow): readonly Interface[] {
  const tags = stringsAt(objectAt(body, 'tags'), 'items');
  const serviceAccounts = objectsAt(body, 'serviceAccounts').flatMap((account) => stringAt(account, 'email') ?? []);
  return objectsAt(body, 'networkInterfaces').map((nic) => ({
    name: stringAt(nic, 'name') ?? '',
    networkKey: referredKey(stringAt(nic, 'network')) ?? '',
    internal: stringAt(nic, 'networkIP'),
    external: objectsAt(nic, 'accessConfigs').flatMap((config) => stringAt(config, 'natIP') ?? [])[0],
    internalV6: stringAt(nic, 'ipv6Address'),
    externalV6: objectsAt(nic, 'ipv6AccessConfigs').flatMap((config) => stringAt(config, 'externalIpv6') ?? [])[0],
    tags,
    serviceAccounts,
  }));
}

/** Somebody who is no machine of the network. */
export function outside(address: string): Endpoint {
  return { address, tags: [], serviceAccounts: [] };
}

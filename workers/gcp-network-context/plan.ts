import type { Network, NetworkContext } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { Place } from '../clouds/gcp/places.ts';
import { networkBody } from '../clouds/gcp/networks.ts';
import { networkName } from '../clouds/gcp/names.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { describe, nameConflict } from '../gcp-objects/reasons.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import type { Verdict } from '../objects/condition.ts';
import { externalIpv6Range, familiesOf } from '../objects/ip-families.ts';
import { controllerOf } from '../objects/owner.ts';

/** The VPC network that a Network is in the project of one of its contexts; all its contexts there share it. */
export function wantedNetwork(
  network: Network,
  context: NetworkContext,
  place: Place,
  by: By,
): Wanted<'compute.networks'> {
  const { uid } = network.metadata;
  const ulaRange = ulaRangeOf(network);
  const body = networkBody({
    name: networkName(uid),
    mtu: network.spec.mtu ?? 1460,
    ...(ulaRange === undefined ? {} : { ulaRange }),
    marker: { ownerKind: 'Network', ownerUid: uid },
  });
  return {
    ...ownedIn(network, by),
    // Woken when it is there; its change of status wakes the other contexts.
    ownerKey: keyOf(context),
    account: place.account,
    scope: 'global',
    type: 'compute.networks',
    name: networkName(uid),
    body,
    specHash: specHash(body),
  };
}

/** Range of a network's internal IPv6 addresses; undefined where it has none, or none yet. */
function ulaRangeOf(network: Network): string | undefined {
  return needsUla(network) ? network.status?.ipam?.ipv6Range : undefined;
}

/** Whether a network waits for its range of internal IPv6 addresses. */
export function lacksUla(network: Network): boolean {
  return needsUla(network) && network.status?.ipam?.ipv6Range === undefined;
}

function needsUla(network: Network): boolean {
  return familiesOf(network).includes('IPv6') && externalIpv6Range(network) === undefined;
}

/** Programmed of a context, from where its VPC network is. */
export function programmed(stage: Stage): Verdict {
  switch (stage.at) {
    case 'ready':
      return {
        type: 'Programmed',
        status: 'True',
        reason: 'Programmed',
        message: `VPC network ${stage.row.name} is ready in project ${stage.row.account}`,
      };
    case 'failed': {
      if (isPassing(stage)) return inProgress(describe(stage));
      const reason = stage.failure.code === nameConflict ? nameConflict : 'NetworkFailedToCreate';
      return { type: 'Programmed', status: 'False', reason, message: describe(stage) };
    }
    default:
      return inProgress('The VPC network is being created');
  }
}

/** Whether a failure is of the kind that passes by itself. */
function isPassing({ failure }: Extract<Stage, { at: 'failed' }>): boolean {
  return ['transient', 'throttle', 'conflict', 'dependency'].includes(failure.class);
}

function inProgress(message: string): Verdict {
  return { type: 'Programmed', status: 'False', reason: 'ProgrammingInProgress', message };
}

/** Programmed of a context that cannot go yet. */
export function blocked(message: string): Verdict {
  return { type: 'Programmed', status: 'False', reason: 'DeletionBlocked', message };
}

/** Uid of the network that a context is of; the network itself may be gone or made anew. */
export function networkUidOf(context: NetworkContext, network: Network | undefined): string | undefined {
  const owner = controllerOf(context);
  return owner?.kind === 'Network' ? owner.uid : network?.metadata.uid;
}

/** A context of the same network in the same project, as far as it matters for the VPC network they share. */
export interface Sibling {
  readonly uid: string;
  readonly deleting: boolean;
}

/**
 * Who removes the VPC network when a context goes: nobody while another context keeps it, else the one with the least
 * uid, after all others have gone.
 */
export function farewell(uid: string, siblings: readonly Sibling[]): 'leave' | 'wait' | 'remove' {
  if (siblings.some(({ deleting }) => !deleting)) return 'leave';
  if (siblings.some((sibling) => sibling.uid < uid)) return 'leave';
  return siblings.length > 0 ? 'wait' : 'remove';
}

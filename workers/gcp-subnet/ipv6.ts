import type { Network, Subnet } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { RequestContext } from '../../store/types.ts';
import { ipv6RangeFact } from '../clouds/gcp/subnetworks.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import type { Verdict } from '../objects/condition.ts';
import { assignedRangeAnnotation, ipv4SubnetAnnotation } from '../objects/labels.ts';
import { partnerOf, subnetsBeside } from './pairs.ts';
import { notProgrammed, rangeOf, subnetworkRow } from './plan.ts';

/**
 * Takes an IPv6 subnet one step: it finds the IPv4 subnet whose subnetwork becomes dual-stack for it, takes over the /64 that
 * Google gave that, and is Programmed when the address management has it as well.
 */
export async function settleIpv6(
  deps: GcpDeps,
  context: RequestContext,
  subnet: Subnet,
  controller: string,
): Promise<Verdict> {
  const partner = partnerOf(subnet, await subnetsBeside(deps.store, context, subnet));
  if (partner === undefined)
    return notProgrammed('NotProgrammed', `Waiting for an IPv4 subnet of class ${subnet.spec.subnetClass}`);
  const paired = await annotate(deps, context, subnet, ipv4SubnetAnnotation, partner.metadata.name);
  const row = subnetworkRow(await deps.cloudResources.ofOwners([partner.metadata.uid]));
  const range = row?.facts[ipv6RangeFact];
  if (row === undefined || !range || row.state !== 'ready') {
    // It wakes this one when it has the range.
    await deps.enqueue(controller, { project: context.project, ...keyOf(partner) });
    return notProgrammed('ProgrammingInProgress', `Subnet ${partner.metadata.name} is being given IPv6`);
  }
  const assigned = await annotate(deps, context, paired, assignedRangeAnnotation, range);
  if (rangeOf(assigned) !== range)
    return notProgrammed('ProgrammingInProgress', `Range ${range}, which Google chose, is being taken over`);
  return {
    type: 'Programmed',
    status: 'True',
    reason: 'Programmed',
    message: `Subnetwork ${row.name} has range ${range} in project ${row.account}`,
  };
}

/** Machines that have IPv4 alone get IPv6 beside it. */
export async function wakeInstances(
  deps: GcpDeps,
  context: RequestContext,
  network: Network,
  { spec: { location } }: Subnet,
): Promise<void> {
  const { items } = await deps.store.list(context, 'Instance', { refersTo: { kind: 'Network', ...keyOf(network) } });
  const here = items.filter(
    ({ spec }) => spec.location?.name === location.name && spec.location.namespace === location.namespace,
  );
  for (const one of here) await deps.enqueue('gcp-instance', { project: context.project, ...keyOf(one) });
}

async function annotate(
  { store }: GcpDeps,
  context: RequestContext,
  subnet: Subnet,
  key: string,
  value: string,
): Promise<Subnet> {
  if (subnet.metadata.annotations?.[key] === value) return subnet;
  const { uid } = subnet.metadata;
  const { object } = await store.update(
    context,
    'Subnet',
    keyOf(subnet),
    ({ metadata, ...rest }: Subnet) => ({
      ...rest,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [key]: value } },
    }),
    { uid, startFrom: subnet },
  );
  return object;
}

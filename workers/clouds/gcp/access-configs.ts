import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { GcpClient } from './client.ts';

type Nic = compute_v1.Schema$NetworkInterface;

/** How an interface is known on the internet: not at all, by an address that Google picks, or by a reserved one. */
export type ExternalAccess = 'None' | 'Ephemeral' | { readonly reserved: string };

/** Names of access configurations; the second tells that the address in it is part of what is declared. */
const ephemeralName = 'External NAT';
const reservedName = 'Reserved NAT';

/** The part of an interface that gives it its address on the internet. */
export function accessConfigsOf(access: ExternalAccess): Pick<Nic, 'accessConfigs'> {
  if (access === 'None') return {};
  const common = { type: 'ONE_TO_ONE_NAT', networkTier: 'PREMIUM' };
  if (access === 'Ephemeral') return { accessConfigs: [{ ...common, name: ephemeralName }] };
  return { accessConfigs: [{ ...common, name: reservedName, natIP: access.reserved }] };
}

/** What is declared of an interface's access, in a form to compare: which address Google picked is not. */
export function accessOf({ accessConfigs }: Nic): string {
  const [config] = accessConfigs ?? [];
  if (config === undefined) return 'None';
  return config.name === reservedName ? (config.natIP ?? '') : 'Ephemeral';
}

/** Takes the first interface whose access differs one call towards what it should be: what is there goes first. */
export function changeAccess(
  { compute }: GcpClient,
  place: { readonly project: string; readonly zone: string; readonly instance: string; readonly requestId: string },
  is: readonly Nic[],
  should: readonly Nic[],
) {
  const index = should.findIndex((nic, at) => accessOf(nic) !== accessOf(is[at] ?? {}));
  const { name, accessConfigs } = is[index] ?? {};
  const networkInterface = name ?? `nic${index}`;
  const [old] = accessConfigs ?? [];
  if (old !== undefined)
    return compute.instances.deleteAccessConfig({ ...place, networkInterface, accessConfig: old.name ?? '' });
  return compute.instances.addAccessConfig({
    ...place,
    networkInterface,
    requestBody: { ...should[index]?.accessConfigs?.[0] },
  });
}

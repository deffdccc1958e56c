import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { GcpClient } from './client.ts';
import type { InstanceBody } from './instances.ts';

type Nic = compute_v1.Schema$NetworkInterface;

/** Families of an interface: IPv4 alone, or IPv6 beside it, whose addresses are the network's own or the internet's. */
export type Stack = 'IPv4' | 'InternalIPv6' | 'ExternalIPv6';

/** The part of an interface that says so. Google picks the IPv6 address. */
export function stackOf(stack: Stack): Pick<Nic, 'stackType' | 'ipv6AccessConfigs'> {
  if (stack === 'IPv4') return { stackType: 'IPV4_ONLY' };
  if (stack === 'InternalIPv6') return { stackType: 'IPV4_IPV6' };
  const config = { type: 'DIRECT_IPV6', name: 'External IPv6', networkTier: 'PREMIUM' };
  return { stackType: 'IPV4_IPV6', ipv6AccessConfigs: [config] };
}

/** A machine that gets these internal IPv6 addresses again, by interface. External ones are always Google's to pick. */
export function withIpv6Addresses(body: InstanceBody, addresses: readonly (string | undefined)[]): InstanceBody {
  const networkInterfaces = body.networkInterfaces?.map((nic, index) => {
    const ipv6Address = nic.stackType === 'IPV4_IPV6' && !nic.ipv6AccessConfigs ? addresses[index] : undefined;
    return ipv6Address === undefined ? nic : { ...nic, ipv6Address, internalIpv6PrefixLength: 96 };
  });
  return networkInterfaces === undefined ? body : { ...body, networkInterfaces };
}

/** IPv6 address of an interface, wherever it is from; empty without one. */
export function ipv6AddressOf({ ipv6Address, ipv6AccessConfigs }: Nic): string {
  return ipv6Address ?? ipv6AccessConfigs?.[0]?.externalIpv6 ?? '';
}

/** Gives the first interface whose families differ those that it should have. */
export function changeStack(
  { compute }: GcpClient,
  place: { readonly project: string; readonly zone: string; readonly instance: string; readonly requestId: string },
  is: readonly Nic[],
  should: readonly Nic[],
) {
  const index = should.findIndex(({ stackType }, at) => stackType !== (is[at]?.stackType ?? 'IPV4_ONLY'));
  const { stackType = 'IPV4_ONLY', ipv6AccessConfigs } = should[index] ?? {};
  const { name, fingerprint = null } = is[index] ?? {};
  const requestBody = { stackType, fingerprint, ...(ipv6AccessConfigs ? { ipv6AccessConfigs } : {}) };
  return compute.instances.updateNetworkInterface({ ...place, networkInterface: name ?? `nic${index}`, requestBody });
}

import type { GcpClient } from './client.ts';
import { normalReference } from './references.ts';

/**
 * What stands in the way of deleting a network, by type and name: subnetworks, firewalls and routes that are in it. The
 * default routes do not count; they go with the network.
 */
export async function blockersOfNetwork(client: GcpClient, account: string, name: string): Promise<string[]> {
  const { compute } = client;
  const network = `${account}/global/networks/${name}`;
  const isIn = (item: { network?: string | null }) => normalReference(item.network ?? '', account) === network;
  const [firewalls, routes, subnetworks] = await Promise.all([
    compute.firewalls.list({ project: account, fields: 'items(name,network)' }),
    compute.routes
      .list({ project: account, fields: 'items(name,network,nextHopGateway,nextHopNetwork)' })
      .catch(() => undefined),
    compute.subnetworks.aggregatedList({ project: account, fields: 'items/*/subnetworks(name,network)' }),
  ]);
  const own = (routes?.data.items ?? []).filter(
    (route) => !route.nextHopNetwork && !route.nextHopGateway?.endsWith('default-internet-gateway'),
  );
  return [
    ...Object.values(subnetworks.data.items ?? {})
      .flatMap((scope) => scope.subnetworks ?? [])
      .filter(isIn)
      .map((item) => `subnetwork ${item.name}`),
    ...(firewalls.data.items ?? []).filter(isIn).map((item) => `firewall ${item.name}`),
    ...own.filter(isIn).map((item) => `route ${item.name}`),
  ];
}

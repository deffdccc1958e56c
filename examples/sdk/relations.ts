/** Reads a network with what uses it, in one request, and only the fields that are asked for. */
import { datum } from './connect.ts';

const key = { namespace: 'default', name: 'related' } as const;
await datum.networks.apply({ metadata: key, spec: { ipam: { mode: 'Auto' } } });

const network = await datum.networks.get({
  ...key,
  select: {
    metadata: { name: true },
    viewerCan: { delete: true },
    contexts: {
      $: { first: 20 },
      nodes: { metadata: { name: true }, location: { spec: { topology: true } }, subnets: { nodes: { status: true } } },
    },
  },
});
// The type of the answer follows the selection: `network.spec` would not compile.
for (const context of network.contexts.nodes) {
  console.log(context.metadata.name, context.location?.spec.topology, context.subnets.nodes.length);
}
console.log(`${network.metadata.name} is in ${network.contexts.nodes.length} locations`);
await datum.networks.delete(key);

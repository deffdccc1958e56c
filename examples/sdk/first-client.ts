/** Makes a network, finds it again, changes it, and deletes it. */
import { datum } from './connect.ts';

const key = { namespace: 'default', name: 'first' } as const;

const { object: network, warnings } = await datum.networks.create({
  metadata: { ...key, labels: { tier: 'edge' } },
  spec: { ipam: { mode: 'Auto' } },
});
console.log(`${network.metadata.name} has an MTU of ${network.spec.mtu}`, ...warnings);

for await (const { metadata, spec } of datum.networks.list({ labelSelector: 'tier=edge' })) {
  console.log(metadata.namespace, metadata.name, spec.ipam.mode);
}

await datum.networks.update(key, { spec: { mtu: 1400 } }, { dryRun: true });
await datum.networks.update(key, { spec: { mtu: 1400 } });
console.log(`now ${(await datum.networks.get(key)).spec.mtu}`);

await datum.networks.delete(key);
await datum.networks.waitFor(key, 'deleted', { timeoutMs: 30_000 });
console.log(await datum.networks.find(key));

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask, eventually } from './support/graphql.ts';
import { testToken } from './support/gateway.ts';
import { startProductProcess } from './support/product.ts';
import { watchOverWebSocket } from './support/watcher.ts';

it('gateway, subgraphs and the rest work as processes of their own', async () => {
  const owner = await startProductProcess({ env: { DATUM_ROLES: 'emulator', DATUM_TOKEN: testToken } });
  const shared = {
    DATABASE_URL: owner.ready.database,
    DATUM_TOKEN: owner.ready.token,
    DATUM_SECRET_KEY: readFileSync(join(owner.dataDir, 'secret.key'), 'utf8').trim(),
  };
  const subgraphs = await startProductProcess({ env: { ...shared, DATUM_ROLES: 'subgraph' } });
  // What it prints comes a moment after its ready.json.
  const printed = await eventually(
    async () => subgraphs.output(),
    (text) => text.includes('Ready.'),
  );
  const urls = [...printed.matchAll(/^Subgraph (\w+): (\S+)$/gm)].map(([, name, url]) => `${name}=${url}`);
  expect(urls).toHaveLength(3);
  const gateway = await startProductProcess({
    env: { ...shared, DATUM_ROLES: 'gateway', DATUM_SUBGRAPH_URLS: urls.join(',') },
  });
  expect(subgraphs.ready.graphql).toBeNull();

  const direct = await fetch(urls[0]?.split('=')[1] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  expect(direct.status).toBe(401);

  const { ready } = gateway;
  const watcher = watchOverWebSocket(
    ready.graphql ?? '',
    `subscription { watchNetworks(namespace: "default") { type resumeToken network { metadata { name } } } }`,
  );
  const input = { metadata: { name: 'n', namespace: 'default' }, spec: { ipam: { mode: 'Auto' } } };
  await ask(
    ready,
    'mutation ($input: NetworkInput!) { createNetwork(input: $input) { network { id } userErrors { message } } }',
    { input },
  );
  await watcher.until((events) =>
    events.some(({ type, network }) => type === 'ADDED' && network.metadata.name === 'n'),
  );
  await watcher.stop();
  const bindings =
    '{ networks { nodes { metadata { name } spec { mtu } } } namespaces { nodes { metadata { name } } } }';
  expect(await ask(ready, bindings)).toMatchObject({
    networks: { nodes: [{ metadata: { name: 'n' }, spec: { mtu: 1460 } }] },
  });
});

import { pino } from 'pino';
import { adminToken } from '../../access/authenticate.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { createKeyRing } from '../../access/tokens/key-ring.ts';
import { serviceAccountTokens } from '../../access/tokens/service-account-tokens.ts';
import { startGateway } from '../../gateway/start-gateway.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { Store } from '../../store/types.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { httpLoad } from '../support/http-load.ts';
import { row, type Row } from '../support/row.ts';
import { asBench, withStore } from '../support/store.ts';

const items = 20;
const rounds = 6;
const token = 'bench-token-0123456789';

const crossSubgraph = `{
  instances(first: ${items}) {
    nodes {
      id
      metadata { name namespace labels }
      spec { runtime { resources { instanceType } } }
      status { conditions { type status reason } }
      location { id metadata { name } spec { topology } }
      network { id metadata { name } spec { mtu ipFamilies } status { conditions { type status } } }
      configMaps { id metadata { name } data }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const simple = '{ network(namespace: "default", name: "net-0") { id metadata { name } spec { mtu } } }';

/** Queries over HTTP against gateway and subgraphs in one process: joined, as the product runs them; planned in Rust; and on the library's default planner. */
export async function measure(): Promise<Row[]> {
  return withStore(async ({ store, audit, inventory, credentials }) => {
    await fill(store);
    const serviceAccounts = serviceAccountTokens({
      keys: createKeyRing(credentials.signingKeys),
      issuer: 'https://bench',
      store,
    });
    const log = pino({ level: 'error' });
    const start = (planner: 'none' | 'native' | 'javascript') =>
      startGateway({
        host: '127.0.0.1',
        port: 0,
        authenticate: adminToken(token),
        ...embeddedSubgraphs({
          store,
          audit,
          inventory,
          registry: builtInRegistry(),
          authority: createPolicies(),
          serviceAccounts,
          log,
        }),
        log,
        planner,
      });
    const ours = await start('none');
    const planned = await start('native');
    const standard = await start('javascript');
    const sums = { cross: 0, planned: 0, standard: 0, simple: 0 };
    const run = (url: string, query: string, total: number) =>
      httpLoad({ url, token, body: JSON.stringify({ query }), total, clients: 16 });
    // Alternating rounds, so that neither is measured on a warmer or busier machine.
    for (let round = -1; round < rounds; round += 1) {
      const counted = round < 0 ? 0 : 1 / rounds;
      sums.cross += counted * (await run(ours.url, crossSubgraph, 600));
      sums.planned += counted * (await run(planned.url, crossSubgraph, 300));
      sums.standard += counted * (await run(standard.url, crossSubgraph, 300));
      sums.simple += counted * (await run(ours.url, simple, 800));
    }
    await ours.close();
    await planned.close();
    await standard.close();
    return [
      row(`${items}-item query across subgraphs`, sums.cross, '/s'),
      row('the same on the native planner', sums.planned, '/s'),
      row('the same on the default planner', sums.standard, '/s'),
      row('ours to the default planner', sums.cross / sums.standard, '×', { atLeast: 2 }),
      row('simple query', sums.simple, '/s'),
    ];
  });
}

async function fill(store: Store): Promise<void> {
  const namespace = 'default';
  for (let n = 0; n < items; n += 1) {
    const metadata = (name: string) => ({ name: `${name}-${n}`, namespace });
    await store.create(asBench, 'Location', {
      metadata: metadata('loc'),
      spec: {
        locationClassName: 'self-managed',
        topology: { 'topology.datum.net/city-code': 'DFW' },
        provider: { gcp: { projectId: 'acme', region: 'us-south1', zone: 'us-south1-a' } },
      },
    });
    await store.create(asBench, 'Network', { metadata: metadata('net'), spec: { ipam: { mode: 'Auto' } } });
    await store.create(asBench, 'ConfigMap', { metadata: metadata('config'), data: { key: 'value' } });
    await store.create(asBench, 'Instance', {
      metadata: { ...metadata('instance'), labels: { tier: 'bench' } },
      spec: {
        location: { name: `loc-${n}`, namespace },
        runtime: {
          resources: { instanceType: 'datumcloud/d1-standard-2' },
          sandbox: {
            containers: [
              {
                name: 'main',
                image: 'docker.io/library/nginx:1.29',
                volumeAttachments: [{ name: 'config', mountPath: '/etc/config' }],
              },
            ],
          },
        },
        networkInterfaces: [{ network: { name: `net-${n}` } }],
        volumes: [{ name: 'config', configMap: { name: `config-${n}` } }],
      },
    });
  }
}

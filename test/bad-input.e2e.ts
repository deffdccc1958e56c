import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ask, send } from './support/graphql.ts';
import { startProductProcess, type ProductProcess } from './support/product.ts';

type Json = Record<string, any>;

/** The VM sample's workload, changed by `change`. */
function workload(change: (spec: Json, metadata: Json) => void): Json {
  const text = readFileSync(join(import.meta.dirname, '..', 'examples', 'samples', 'workload-vm.yaml'), 'utf8');
  const { metadata, spec } = parseAllDocuments(text).map((document) => document.toJS() as Json)[2] as {
    metadata: Json;
    spec: Json;
  };
  change(spec, metadata);
  return { metadata, spec };
}

const network = (spec: Json, name = 'n') => ({
  metadata: { name, namespace: 'default' },
  spec: { ipam: { mode: 'Auto' }, ...spec },
});

/** Input, and the field that the answer must name. */
const cases: readonly (readonly [what: string, kind: string, input: Json, field: string])[] = [
  ['unknown field', 'Network', network({ bogus: 1 }), 'spec.bogus'],
  ['wrong type', 'Network', network({ mtu: 'big' }), 'spec.mtu'],
  ['wrong enum', 'Network', network({ ipam: { mode: 'Nope' } }), 'spec.ipam.mode'],
  ['out-of-range number', 'Network', network({ mtu: 12 }), 'spec.mtu'],
  ['bad CIDR', 'Network', network({ ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/33' } }), 'spec.ipam.ipv4Range'],
  ['bad name', 'Network', network({}, 'Not_A_Name'), 'metadata.name'],
  [
    'bad label',
    'Network',
    { ...network({}), metadata: { name: 'n', namespace: 'default', labels: { a: 'x'.repeat(64) } } },
    'metadata.labels',
  ],
  [
    'unknown city',
    'Workload',
    workload((spec) => (spec['placements'][0].cityCodes = ['XXX'])),
    'spec.placements[0].cityCodes[0]',
  ],
  [
    'bad ssh key',
    'Workload',
    workload(
      (spec) => (spec['template'].metadata.annotations = { 'compute.datumapis.com/ssh-keys': 'ops:ssh-ed25519 AAAA' }),
    ),
    'spec.template.metadata.annotations[compute.datumapis.com/ssh-keys]',
  ],
  [
    'volume without attachment',
    'Workload',
    workload((spec) => spec['template'].spec.runtime.virtualMachine.volumeAttachments.pop()),
    'spec.template.spec.volumes[2]',
  ],
  [
    'two runtimes',
    'Workload',
    workload(
      (spec) =>
        (spec['template'].spec.runtime.sandbox = { containers: [{ name: 'a', image: 'docker.io/library/nginx:1' }] }),
    ),
    'spec.template.spec.runtime',
  ],
  [
    'duplicate placement names',
    'Workload',
    workload((spec) => spec['placements'].push(spec['placements'][0])),
    'spec.placements[1]',
  ],
];

async function product(): Promise<ProductProcess> {
  const started = await startProductProcess({ env: { DATUM_ROLES: 'gateway,subgraph' } });
  onTestFinished(() => started.stop().then(() => undefined));
  const location = {
    metadata: { name: 'l', namespace: 'default' },
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme-edge', region: 'us-south1', zone: 'us-south1-a' } },
    },
  };
  await ask(started.ready, 'mutation ($input: LocationInput!) { createLocation(input: $input) { location { id } } }', {
    input: location,
  });
  return started;
}

describe('bad input through GraphQL', () => {
  it('is refused with a typed error that names the field, and nothing is stored', async () => {
    const { ready } = await product();
    for (const [what, kind, input, field] of cases) {
      const answer = await send<{ payload: { userErrors: { code: string; field?: string }[] } }>(
        ready,
        `mutation ($input: ${kind}Input!) { payload: create${kind}(input: $input) { userErrors { message code ... on ValidationError { field } } } }`,
        { input },
      );
      const named = [
        ...(answer.errors ?? []).map(({ extensions }) => ({
          code: extensions?.['code'],
          field: extensions?.['field'],
        })),
        ...(answer.data?.payload?.userErrors ?? []),
      ];
      expect(named, what).not.toHaveLength(0);
      for (const { code } of named) expect(['INVALID', 'BAD_USER_INPUT'], what).toContain(code);
      expect(
        named.map((one) => String(one.field)).some((one) => one.startsWith(field)),
        `${what}: ${JSON.stringify(answer)}`,
      ).toBe(true);
    }
    expect(await ask(ready, '{ networks { nodes { id } } workloads { nodes { id } } }')).toEqual({
      networks: { nodes: [] },
      workloads: { nodes: [] },
    });
  });

  it('a stale ifMatch is a conflict that tells the current version, an oversized object is refused', async () => {
    const { ready } = await product();
    const create = `mutation ($input: ConfigMapInput!) { payload: createConfigMap(input: $input) { configMap { metadata { resourceVersion } } userErrors { message code } } }`;
    const update = `mutation ($patch: ConfigMapPatch!, $ifMatch: String) { payload: updateConfigMap(namespace: "default", name: "a", patch: $patch, ifMatch: $ifMatch) {
      configMap { metadata { resourceVersion } } userErrors { message code ... on ConflictError { currentResourceVersion } } } }`;
    type Payload = { payload: { configMap: { metadata: { resourceVersion: string } } | null; userErrors: Json[] } };
    const input = { metadata: { name: 'a', namespace: 'default' }, data: { k: 'v' } };
    const first = await ask<Payload>(ready, create, { input });
    const stale = first.payload.configMap?.metadata.resourceVersion;
    const second = await ask<Payload>(ready, update, { patch: { data: { k: 'w' } }, ifMatch: stale });
    const conflict = await ask<Payload>(ready, update, { patch: { data: { k: 'x' } }, ifMatch: stale });
    expect(conflict.payload).toMatchObject({
      configMap: null,
      userErrors: [{ code: 'CONFLICT', currentResourceVersion: second.payload.configMap?.metadata.resourceVersion }],
    });
    const huge = await send<Payload>(ready, create, {
      input: { metadata: { name: 'b', namespace: 'default' }, data: { k: 'x'.repeat(1_600_000) } },
    });
    expect(JSON.stringify(huge)).toMatch(/TOO_LARGE|INVALID/);
    expect(await ask(ready, '{ configMaps { nodes { metadata { name } data } } }')).toEqual({
      configMaps: { nodes: [{ metadata: { name: 'a' }, data: { k: 'w' } }] },
    });
  });

  it('a query that is too deep or too costly is refused', async () => {
    const { ready } = await product();
    const deep = `{ workloads { nodes { ${'deployments { nodes { workload { '.repeat(5)} id ${'} } }'.repeat(5)} } } }`;
    expect((await send(ready, deep)).errors?.[0]?.extensions?.['code']).toBe('QUERY_TOO_DEEP');
    const costly = `{ ${Array.from({ length: 10 }, (_, n) => `a${n}: workloads(first: 200) { nodes { deployments(first: 200) { nodes { instances(first: 200) { nodes { id } } } } } }`).join(' ')} }`;
    expect((await send(ready, costly)).errors?.[0]?.extensions?.['code']).toMatch(/COSTLY|ALIAS/);
  });
});

import { pino } from 'pino';
import { adminToken } from '../../access/authenticate.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { startGateway } from '../../gateway/start-gateway.ts';
import type { KindId } from '../../kinds/generated/types.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { startSubgraphs } from '../../subgraphs/start-subgraphs.ts';
import { tokensOf } from './authentication.ts';
import { createDatabase } from './database.ts';
import { send, testToken } from './gateway.ts';
import { kindSamples, sampleStatus } from './kind-samples.ts';
import { asAdmin, openTestStore } from './store.ts';

/** A gateway over one object `sample` of every kind, all of which refer to each other. */
export interface KindWorld {
  readonly url: string;
  /** Sends an operation that must not have top-level errors. */
  // Tests look into answers of every shape.
  ask(query: string, variables?: Record<string, unknown>): Promise<any>;
  /** A good new object of a kind, as GraphQL takes it. */
  input(kind: Kind, name: string): object;
  create(kind: Kind, name: string, labels: Record<string, string>): Promise<void>;
  remove(kind: Kind, name: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes the world, with the subgraphs in this process or behind HTTP; a kind without a sample is an error that names it. */
export async function createWorld(shape: 'joined' | 'remote'): Promise<KindWorld> {
  const database = await createDatabase();
  const open = await openTestStore(database.url);
  const { store, registry } = open;
  const log = pino({ level: 'error' });
  const parts = {
    store,
    audit: open.audit,
    inventory: open.inventory,
    registry,
    authority: createPolicies(),
    ...tokensOf(open),
    log,
  };
  const listen = { host: '127.0.0.1', port: 0, authenticate: adminToken(testToken) };
  const remote = shape === 'remote' ? await startSubgraphs({ ...listen, ...parts }) : undefined;
  const gateway = await startGateway({
    ...listen,
    ...(remote === undefined ? embeddedSubgraphs(parts) : { subgraphs: remote.urls }),
    log,
  });
  const input = (kind: Kind, name: string): { metadata: Record<string, unknown> } => {
    const sample: object | undefined = kindSamples[kind.id as KindId];
    if (sample === undefined) throw new Error(`test/support/kind-samples.ts has no sample of ${kind.id}`);
    return { metadata: { name, ...(kind.scope === 'Namespaced' ? { namespace: 'default' } : {}) }, ...sample };
  };
  const create = async (kind: Kind, name: string, more: Record<string, unknown>): Promise<void> => {
    const object = input(kind, name);
    await store.create(asAdmin, kind.id, { ...object, metadata: { ...object.metadata, ...more } });
  };

  for (const kind of registry.all()) input(kind, 'sample');
  for (const id of Object.keys(kindSamples)) {
    const kind = registry.get(id);
    const ownerReferences = await Promise.all(
      kind.owners.map(async ({ kind: owner }) => {
        const key = { namespace: 'default', name: 'sample' };
        const uid = (await store.get(asAdmin, owner, key))?.metadata.uid ?? '';
        return { apiVersion: apiVersionOf(registry.get(owner)), kind: owner, name: 'sample', uid, controller: true };
      }),
    );
    await create(kind, 'sample', {
      labels: { sample: 'yes' },
      ...(ownerReferences.length > 0 ? { ownerReferences } : {}),
    });
    const status = sampleStatus[id as KindId];
    if (status === undefined) continue;
    const change = (object: object): never =>
      ({ ...object, status: { ...(object as { status?: object }).status, ...status } }) as never;
    await store.update(asAdmin, id, { namespace: 'default', name: 'sample' }, change, { subresource: 'status' });
  }

  return {
    url: gateway.url,
    async ask(query, variables) {
      const { data, errors } = await send(gateway.url, query, variables);
      if (errors !== undefined) throw new Error(`${query}\n${JSON.stringify(errors)}`);
      return data;
    },
    input,
    create: (kind, name, labels) => create(kind, name, { labels }),
    async remove(kind, name) {
      await store.delete(asAdmin, kind.id, { namespace: kind.scope === 'Namespaced' ? 'default' : '', name });
    },
    async close() {
      await gateway.close();
      await remote?.close();
      await open.close();
      await database.drop();
    },
  };
}

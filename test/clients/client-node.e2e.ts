import {
  ApiException,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  type KubernetesObject,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  VersionApi,
} from '@kubernetes/client-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/graphql.ts';
import { cuttingProxy } from './support/cutting-proxy.ts';
import { nodeConfig } from './support/node-client.ts';
import { freshNamespace, serverOfFile } from './support/server.ts';

const server = serverOfFile();
const network = { group: 'networking.datumapis.com', version: 'v1alpha', plural: 'networks' };
const networkBody = (name: string, metadata: object = {}): KubernetesObject & { readonly spec: object } => ({
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Network',
  metadata: { name, ...metadata },
  spec: { ipam: { mode: 'Auto' } },
});
const as = (strategy: string) => setHeaderOptions('Content-Type', strategy);

/** Code and Status of a refused call. */
async function refusal(call: Promise<unknown>): Promise<{ code: number; status: any }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiException)) throw new Error(`not refused: ${String(error)}`);
  return { code: error.code, status: typeof error.body === 'string' ? JSON.parse(error.body) : error.body };
}

describe('@kubernetes/client-node', () => {
  it('writes our kinds as custom objects', async () => {
    const api = nodeConfig(server()).makeApiClient(CustomObjectsApi);
    const namespace = await freshNamespace(server());
    const at = { ...network, namespace };
    const one = { ...at, name: 'n' };
    const created = await api.createNamespacedCustomObject({
      ...at,
      body: networkBody('n', { labels: { set: 'node' } }),
    });
    expect(created.spec).toEqual({ ipam: { mode: 'Auto' }, ipFamilies: ['IPv4'], mtu: 1460 });
    expect(await refusal(api.createNamespacedCustomObject({ ...at, body: networkBody('n') }))).toMatchObject({
      code: 409,
      status: { reason: 'AlreadyExists' },
    });
    const bad = { ...networkBody('bad'), spec: { ipam: { mode: 'Nope' } } };
    expect(await refusal(api.createNamespacedCustomObject({ ...at, body: bad }))).toMatchObject({
      code: 422,
      status: { details: { causes: [{ field: 'spec.ipam.mode', reason: 'FieldValueNotSupported' }] } },
    });
    const merged = await api.patchNamespacedCustomObject(
      { ...one, body: { spec: { mtu: 1500 } } },
      as(PatchStrategy.MergePatch),
    );
    expect(merged.spec.mtu).toBe(1500);
    // The client's own default is JSON patch.
    const replace = [{ op: 'replace', path: '/spec/mtu', value: 1600 }];
    expect((await api.patchNamespacedCustomObject({ ...one, body: replace })).spec.mtu).toBe(1600);
    const applied = { ...networkBody('n'), spec: { ipam: { mode: 'Auto' }, mtu: 1700 } };
    const apply = { ...one, body: applied, fieldManager: 'node' };
    expect(await refusal(api.patchNamespacedCustomObject(apply, as(PatchStrategy.ServerSideApply)))).toMatchObject({
      code: 409,
      status: { details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.mtu' }] } },
    });
    const forced = await api.patchNamespacedCustomObject({ ...apply, force: true }, as(PatchStrategy.ServerSideApply));
    expect(forced.spec.mtu).toBe(1700);
    const status = {
      status: {
        conditions: [
          { type: 'Ready', status: 'True', reason: 'Test', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ],
      },
    };
    const shown = await api.patchNamespacedCustomObjectStatus({ ...one, body: status }, as(PatchStrategy.MergePatch));
    expect(shown.status.conditions[0].reason).toBe('Test');
    const replaced = await api.replaceNamespacedCustomObject({
      ...one,
      body: { ...shown, spec: { ...shown.spec, mtu: 1800 } },
    });
    expect(replaced.spec.mtu).toBe(1800);
    expect(await refusal(api.replaceNamespacedCustomObject({ ...one, body: shown }))).toMatchObject({
      code: 409,
      status: { reason: 'Conflict' },
    });
    for (const name of ['m', 'o'])
      await api.createNamespacedCustomObject({ ...at, body: networkBody(name, { labels: { set: 'node' } }) });
    const first = await api.listNamespacedCustomObject({ ...at, limit: 1 });
    const second = await api.listNamespacedCustomObject({
      ...at,
      limit: 1,
      _continue: first.metadata._continue ?? first.metadata.continue,
    });
    expect([first, second].map(({ items }) => items.map((item: KubernetesObject) => item.metadata?.name))).toEqual([
      ['m'],
      ['n'],
    ]);
    await api.deleteNamespacedCustomObject({ ...at, name: 'o' });
    await api.deleteCollectionNamespacedCustomObject({ ...at, labelSelector: 'set=node' });
    expect((await api.listNamespacedCustomObject(at)).items).toEqual([]);
    expect(await refusal(api.getNamespacedCustomObject(one))).toMatchObject({
      code: 404,
      status: { reason: 'NotFound' },
    });
  });

  it('writes built-in kinds', async () => {
    const config = nodeConfig(server());
    const core = config.makeApiClient(CoreV1Api);
    const namespace = await freshNamespace(server());
    expect((await config.makeApiClient(VersionApi).getCode()).major).toBe('1');
    await core.createNamespacedSecret({ namespace, body: { metadata: { name: 's' }, stringData: { a: 'b' } } });
    expect((await core.readNamespacedSecret({ namespace, name: 's' })).data).toEqual({ a: 'Yg==' });
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'c' }, data: { a: '1', b: '2' } } });
    const at = { namespace, name: 'c' };
    const strategic = await core.patchNamespacedConfigMap(
      { ...at, body: { data: { a: null } } },
      as(PatchStrategy.StrategicMergePatch),
    );
    expect(strategic.data).toEqual({ b: '2' });
    const added = await core.patchNamespacedConfigMap(
      { ...at, body: [{ op: 'add', path: '/data/c', value: '3' }] },
      as(PatchStrategy.JsonPatch),
    );
    expect(added.data).toEqual({ b: '2', c: '3' });
    expect((await core.replaceNamespacedConfigMap({ ...at, body: { ...added, data: {} } })).data).toBeUndefined();
    const renewTime = new V1MicroTime('2026-01-02T03:04:05.678Z');
    const lease = await config.makeApiClient(CoordinationV1Api).createNamespacedLease({
      namespace,
      body: {
        metadata: { name: 'l' },
        spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime },
      },
    });
    expect(String(lease.spec?.renewTime)).toBe('2026-01-02T03:04:05.678000Z');
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { namespace, verb: 'get', group: network.group, resource: 'networks' } } },
    });
    expect(review.status?.allowed).toBe(true);
  });

  it('works on any object; its default patch is refused for our kinds', async () => {
    const api = KubernetesObjectApi.makeApiClient(nodeConfig(server()));
    const namespace = await freshNamespace(server());
    const created = await api.create(networkBody('n', { namespace }));
    expect(created.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await refusal(api.patch(networkBody('n', { namespace, labels: { a: '1' } })))).toMatchObject({
      code: 415,
      status: { reason: 'UnsupportedMediaType' },
    });
    const patched = await api.patch(
      networkBody('n', { namespace, labels: { a: '1' } }),
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
    expect(patched.metadata?.labels).toEqual({ a: '1' });
    const header = { apiVersion: created.apiVersion ?? '', kind: 'Network', metadata: { namespace, name: 'n' } };
    expect((await api.read(header)).metadata?.uid).toBe(created.metadata?.uid);
    expect((await api.list(created.apiVersion ?? '', 'Network', namespace)).items).toHaveLength(1);
    expect((await api.delete(header)).status).toBe('Success');
    expect(await refusal(api.read(header))).toMatchObject({ code: 404 });
  });

  it('18 an informer sees add, update and delete, and misses nothing while it is cut off', async () => {
    const namespace = await freshNamespace(server());
    const proxy = await cuttingProxy(() => Number(new URL(server().url).port));
    onTestFinished(() => proxy.close());
    const config = nodeConfig(server(), proxy.port);
    const list = () => config.makeApiClient(CustomObjectsApi).listNamespacedCustomObject({ ...network, namespace });
    const informer = makeInformer(
      config,
      `/apis/${network.group}/${network.version}/namespaces/${namespace}/networks`,
      list,
    );
    onTestFinished(() => informer.stop());
    const seen: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, (object) => void seen.push(`${verb} ${object.metadata?.name}`));
    }
    informer.on('error', () => setTimeout(() => void informer.start(), 20));
    const direct = nodeConfig(server()).makeApiClient(CustomObjectsApi);
    const at = { ...network, namespace };
    await direct.createNamespacedCustomObject({ ...at, body: networkBody('n') });
    await informer.start();
    await eventually(
      async () => seen,
      () => seen.includes('add n'),
    );
    await direct.patchNamespacedCustomObject(
      { ...at, name: 'n', body: { metadata: { labels: { a: '1' } } } },
      as(PatchStrategy.MergePatch),
    );
    await eventually(
      async () => seen,
      () => seen.includes('update n'),
    );
    proxy.cut();
    await direct.deleteNamespacedCustomObject({ ...at, name: 'n' });
    await direct.createNamespacedCustomObject({ ...at, body: networkBody('m') });
    await eventually(
      async () => seen,
      () => seen.includes('add m'),
    );
    expect(seen).toEqual(['add n', 'update n', 'delete n', 'add m']);
    expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['m']);
  });
});

import { describe, expect, it } from 'vitest';
import { yaml } from './support/kubectl.ts';
import { emptyDeleteOptions, protobufHeaders, secretS2 } from './support/protobuf-body.ts';
import { type Answer, freshNamespace, serverOfFile } from './support/server.ts';

// What Terraform's provider sends, recorded: the provider itself is in no package registry.
const server = serverOfFile();
const headers = { accept: 'application/json', 'user-agent': 'terraform-provider-kubernetes/v0.0.0' };
const typed = { ...protobufHeaders, 'user-agent': 'HashiCorp/1.0' };
const get = (path: string, more: Readonly<Record<string, string>> = headers): Promise<Answer> =>
  server().call({ path, headers: more });

/** Values as users write them, which no server may put into another form. */
const planned = {
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Network',
  metadata: { name: 'n', labels: { Tier: 'Gold', 'example.com/x': '' }, annotations: { note: ' as it is\n' } },
  spec: {
    ipam: { mode: 'Auto', ipv4Range: '10.8.0.0/16', ipv6Range: 'FD20:0:1::/48' },
    ipFamilies: ['IPv6', 'IPv4'],
    mtu: 1500,
  },
};

describe('28 Terraform', () => {
  it('configures its provider: groups, resources, types', async () => {
    const groups = await get('/apis', { ...headers, accept: 'application/json, */*' });
    expect(groups.body.kind).toBe('APIGroupList');
    const discovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const accept = `${discovery},${discovery.replace('v=v2', 'v=v2beta1')},application/json`;
    const offered = await get('/apis?timeout=32s', { ...headers, accept });
    expect(offered.headers['content-type']).toBe(discovery);
    const extensions = offered.body.items.find(
      ({ metadata }: { metadata: { name: string } }) => metadata.name === 'apiextensions.k8s.io',
    );
    expect(extensions.versions[0].resources).toContainEqual(
      expect.objectContaining({ resource: 'customresourcedefinitions', verbs: expect.arrayContaining(['list']) }),
    );
    const swagger = await get('/openapi/v2?timeout=32s', { ...headers, accept: 'application/json, */*' });
    expect(swagger.headers['content-type']).toMatch(/^application\/json/);
    expect(swagger.body.swagger).toBe('2.0');
    expect(swagger.body.definitions).toHaveProperty([
      'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
      'properties',
      'labels',
    ]);
    const again = await get('/openapi/v2', {
      accept: 'application/json',
      'if-none-match': String(swagger.headers['etag']),
    });
    expect(again.status).toBe(304);
  });

  it('finds a type for every field of a manifest', async () => {
    const { body } = await get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    const definition = body.items.find(
      ({ spec }: { spec: { names: { kind: string } } }) => spec.names.kind === planned.kind,
    );
    expect(definition.spec.versions[0].name).toBe('v1alpha');
    const schema = definition.spec.versions[0].schema.openAPIV3Schema;
    expect(untyped(schema, { spec: planned.spec })).toEqual([]);
    const { body: swagger } = await get('/openapi/v2');
    const inSwagger = Object.values<any>(swagger.definitions).find((one) =>
      one['x-kubernetes-group-version-kind']?.some(({ kind }: { kind: string }) => kind === planned.kind),
    );
    expect(Object.keys(inSwagger.properties)).toEqual(
      expect.arrayContaining(['apiVersion', 'kind', 'metadata', 'spec']),
    );
  });

  it('plans, applies, plans nothing more, updates and destroys a manifest', async () => {
    const namespace = await freshNamespace(server(), 'terraform-');
    const path = `/apis/networking.datumapis.com/v1alpha/namespaces/${namespace}/networks/n`;
    const apply = (object: object, force = false): Promise<Answer> =>
      server().call({
        method: 'PATCH',
        path: `${path}?fieldManager=Terraform&force=${force}`,
        headers: { ...headers, 'content-type': 'application/apply-patch+yaml' },
        body: yaml(object),
      });
    const wanted = { ...planned, metadata: { ...planned.metadata, namespace } };
    expect((await get(path)).status).toBe(404);
    const created = await apply(wanted);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject(wanted);
    const { body: read } = await get(path);
    expect(read).toEqual(created.body);
    // The plan after it applies nothing, and would change nothing.
    expect((await apply(wanted)).body).toEqual(read);

    const { labels, ...metadata } = wanted.metadata;
    const changed = {
      ...wanted,
      metadata: { ...metadata, labels: { Tier: labels.Tier } },
      spec: { ...wanted.spec, mtu: 1600 },
    };
    const updated = await apply(changed);
    expect(updated.status).toBe(200);
    expect(updated.body.metadata.labels).toEqual({ Tier: 'Gold' });
    expect(updated.body.spec).toEqual(changed.spec);

    const other = await server().call({
      method: 'PATCH',
      path: `${path}?fieldManager=other`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { mtu: 1700 } },
    });
    expect(other.status).toBe(200);
    const conflict = await apply(changed);
    expect(conflict).toMatchObject({
      status: 409,
      body: { details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.mtu' }] } },
    });
    expect((await apply(changed, true)).body.spec.mtu).toBe(1600);

    const refused = await apply({ ...changed, spec: { ...changed.spec, mtu: 1 } });
    expect(refused).toMatchObject({ status: 422, body: { details: { causes: [{ field: 'spec.mtu' }] } } });
    expect((await server().call({ method: 'DELETE', path, headers, body: {} })).status).toBe(200);
    expect((await get(path)).status).toBe(404);
  });

  it('writes a secret as typed Go clients do, and updates it by JSON patch', async () => {
    const namespace = await freshNamespace(server(), 'terraform-');
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    const created = await server().call({ method: 'POST', path: secrets, headers: typed, body: secretS2 });
    expect(created.status, created.raw.toString()).toBe(201);
    expect((await get(`${secrets}/s2`)).body.data).toEqual({ a: 'Yg==' });
    const patched = await server().call({
      method: 'PATCH',
      path: `${secrets}/s2`,
      headers: { ...typed, 'content-type': 'application/json-patch+json' },
      body: [
        { path: '/data/a', value: 'Yw==', op: 'replace' },
        { path: '/data/b', value: 'ZA==', op: 'add' },
        { path: '/metadata/labels', value: { 'a/b': 'c' }, op: 'add' },
      ],
    });
    expect(patched.status).toBe(200);
    const { body } = await get(`${secrets}/s2`);
    expect(body.data).toEqual({ a: 'Yw==', b: 'ZA==' });
    expect(body.metadata.labels).toEqual({ 'a/b': 'c' });
    const path = `${secrets}/s2`;
    expect((await server().call({ method: 'DELETE', path, headers: typed, body: emptyDeleteOptions })).status).toBe(
      200,
    );
    expect((await get(path, typed)).status).toBe(404);
  });

  it('labels and annotates objects of others, and takes back only its own', async () => {
    const namespace = await freshNamespace(server(), 'terraform-');
    const path = `/api/v1/namespaces/${namespace}/configmaps/c`;
    await server().call({
      method: 'POST',
      path: path.replace(/\/c$/, ''),
      body: { metadata: { name: 'c', labels: { mine: '1' }, annotations: { mine: '1' } } },
    });
    const apply = async (manager: string, metadata: object): Promise<any> => {
      const { status, body } = await server().call({
        method: 'PATCH',
        path: `${path}?fieldManager=${manager}&force=false`,
        headers: { ...headers, 'content-type': 'application/apply-patch+yaml' },
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', ...metadata } },
      });
      expect(status).toBe(200);
      return body.metadata;
    };
    await apply('tf-labels', { labels: { added: '2' } });
    const both = await apply('tf-anno', { annotations: { added: '2' } });
    expect([both.labels, both.annotations]).toEqual([
      { mine: '1', added: '2' },
      { mine: '1', added: '2' },
    ]);
    expect((await apply('tf-labels', { labels: {} })).labels).toEqual({ mine: '1' });
    expect((await apply('tf-anno', {})).annotations).toEqual({ mine: '1' });
  });
});

/** Paths of a value that a schema gives no type. */
function untyped(schema: any, value: unknown, path = ''): string[] {
  if (schema === undefined) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => untyped(schema.items, item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) {
    return schema.type !== undefined || schema['x-kubernetes-int-or-string'] === true ? [] : [path];
  }
  return Object.entries(value).flatMap(([key, item]) =>
    untyped(schema.properties?.[key] ?? schema.additionalProperties, item, `${path}.${key}`),
  );
}

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { decodeSwagger } from './support/swagger.ts';
import { type Answer, freshNamespace, serverOfFile } from './support/server.ts';

// What Pulumi's provider sends, from its source: the provider itself is in no package registry.
const server = serverOfFile();
const swaggerType = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const manager = 'pulumi-kubernetes-1a2b3c4d';
const network = (namespace: string, spec: object = {}) => ({
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Network',
  metadata: { name: 'n', namespace, annotations: { 'pulumi.com/autonamed': 'true' } },
  spec: { ipam: { mode: 'Auto' }, ...spec },
});

async function stack(): Promise<{
  readonly namespace: string;
  readonly path: string;
  apply(spec?: object, query?: string): Promise<Answer>;
  read(): Promise<Answer>;
}> {
  const namespace = await freshNamespace(server(), 'pulumi-');
  const path = `/apis/networking.datumapis.com/v1alpha/namespaces/${namespace}/networks/n`;
  return {
    namespace,
    path,
    apply: (spec, query = '') =>
      server().call({
        method: 'PATCH',
        path: `${path}?fieldManager=${manager}&force=false${query}`,
        headers: { 'content-type': 'application/apply-patch+yaml', accept: 'application/json' },
        body: network(namespace, spec),
      }),
    read: () => server().call({ path }),
  };
}

describe('30 Pulumi', () => {
  it('configures its provider: version, schema as protobuf, preferred resources', async () => {
    const { body: version } = await server().call({ path: '/version' });
    expect(Number(version.minor)).toBeGreaterThanOrEqual(13);
    const encoded = await server().call({ path: '/openapi/v2?timeout=32s', headers: { accept: swaggerType } });
    expect(encoded.headers['content-type']).toBe(swaggerType.replace('@', '.'));
    const { swagger, paths, definitions } = decodeSwagger(encoded.raw);
    const { body: json } = await server().call({ path: '/openapi/v2' });
    expect(swagger).toBe('2.0');
    expect([...definitions.keys()].toSorted()).toEqual(Object.keys(json.definitions).toSorted());
    expect(paths.toSorted()).toEqual(Object.keys(json.paths).toSorted());
    const kinds = [...definitions.values()].flatMap(({ vendorExtension = [] }) =>
      vendorExtension
        .filter(({ name }) => name === 'x-kubernetes-group-version-kind')
        .flatMap(({ value }) => parse(value.yaml) as { group: string; version: string; kind: string }[]),
    );
    expect(kinds).toContainEqual({ group: 'networking.datumapis.com', version: 'v1alpha', kind: 'Network' });
    const { body: groups } = await server().call({ path: '/apis' });
    for (const { versions } of groups.groups) {
      for (const { groupVersion } of versions) {
        const { status, body } = await server().call({ path: `/apis/${groupVersion}` });
        expect([status, body.kind, body.groupVersion]).toEqual([200, 'APIResourceList', groupVersion]);
      }
    }
  });

  it('previews, makes, previews nothing, changes and destroys', async () => {
    const { path, namespace, apply, read } = await stack();
    const preview = await apply({}, '&dryRun=All');
    expect(preview.status).toBe(201);
    expect(preview.body.spec).toEqual({ ipam: { mode: 'Auto' }, ipFamilies: ['IPv4'], mtu: 1460 });
    expect((await read()).status).toBe(404);

    expect((await apply()).status).toBe(201);
    const live = (await read()).body;
    expect((await apply({}, '&dryRun=All')).body).toEqual(live);
    expect((await apply()).body).toEqual(live);

    const changed = await apply({ mtu: 1500 }, '&dryRun=All');
    expect(changed.body.spec.mtu).toBe(1500);
    expect(changed.body.metadata.generation).toBe(2);
    expect((await read()).body).toEqual(live);
    expect((await apply({ mtu: 1500 })).body.spec.mtu).toBe(1500);

    // Foreground, which the client asks for, ends only with the reconcilers.
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
    const watch = server().call({
      path: `${path.replace(/\/n$/, '')}?fieldSelector=metadata.name%3Dn&resourceVersion=${live.metadata.resourceVersion}&watch=true&timeoutSeconds=2`,
    });
    expect((await server().call({ method: 'DELETE', path, body: options })).status).toBe(200);
    const events = (await watch).raw.toString().trim().split('\n');
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({
      type: 'DELETED',
      object: { metadata: { name: 'n', namespace } },
    });
    expect((await read()).status).toBe(404);
  });

  it('puts the managers of fields right by a JSON patch', async () => {
    const { path, namespace, apply, read } = await stack();
    const created = await server().call({
      method: 'POST',
      path: `${path.replace(/\/n$/, '')}?fieldManager=pulumi-resource-kubernetes`,
      body: network(namespace, { mtu: 1500 }),
    });
    expect(created.status).toBe(201);
    const { managedFields, resourceVersion } = created.body.metadata;
    const moved = managedFields.map((entry: object) => ({ ...entry, manager, operation: 'Apply' }));
    const patch = (version: string): Promise<Answer> =>
      server().call({
        method: 'PATCH',
        path,
        headers: { 'content-type': 'application/json-patch+json' },
        body: [
          { op: 'replace', path: '/metadata/managedFields', value: moved },
          { op: 'replace', path: '/metadata/resourceVersion', value: version },
        ],
      });
    expect((await patch('1')).status).toBe(409);
    expect((await patch(resourceVersion)).status).toBe(200);
    expect((await read()).body.metadata.managedFields).toMatchObject([{ manager, operation: 'Apply' }]);
    // What the manager owns now and leaves out falls back to its default.
    expect((await apply()).body.spec.mtu).toBe(1460);
  });
});

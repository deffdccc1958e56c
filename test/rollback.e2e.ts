import { expect, it } from 'vitest';
import { serverOfFile } from './clients/support/server.ts';
import { ask, eventually } from './support/graphql.ts';

// A whole product: the way back to an earlier template, asked for at either door, shown at both.

const server = serverOfFile({});
const compute = '/apis/compute.datumapis.com/v1alpha/namespaces/default';

interface Revisions {
  readonly controllerRevisions: {
    readonly nodes: { readonly metadata: { name: string }; readonly revision: number }[];
  };
}

async function write(method: 'POST' | 'PATCH', path: string, body: object): Promise<void> {
  const headers = { 'content-type': method === 'POST' ? 'application/json' : 'application/merge-patch+json' };
  const answer = await server().call({ method, path, headers, body });
  expect(answer.status, answer.raw.toString()).toBeLessThan(300);
}

async function image(): Promise<string> {
  const { body } = await server().call({ path: `${compute}/workloads/web` });
  return body.spec.template.spec.runtime.sandbox.containers[0].image as string;
}

/** Numbers of the revisions, as GraphQL shows them. */
async function numbers(): Promise<number[]> {
  const query = '{ controllerRevisions(namespace: "default") { nodes { metadata { name } revision } } }';
  const { controllerRevisions } = await ask<Revisions>(server().ready, query);
  return controllerRevisions.nodes.map(({ revision }) => Number(revision)).toSorted((a, b) => a - b);
}

const template = (tag: string): object => ({
  spec: {
    runtime: {
      resources: { instanceType: 'datumcloud/d1-standard-2' },
      sandbox: { containers: [{ name: 'main', image: `docker.io/library/nginx:${tag}` }] },
    },
    networkInterfaces: [{ network: { name: 'default' } }],
  },
});

it('a workload goes back to earlier templates, asked through either door', async () => {
  const networking = '/apis/networking.datumapis.com/v1alpha/namespaces/default';
  await write('POST', `${networking}/locations`, {
    apiVersion: 'networking.datumapis.com/v1alpha',
    kind: 'Location',
    metadata: { name: 'dfw' },
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme-edge', region: 'us-south1', zone: 'us-south1-a' } },
    },
  });
  await write('POST', `${networking}/networks`, {
    apiVersion: 'networking.datumapis.com/v1alpha',
    kind: 'Network',
    metadata: { name: 'default' },
    spec: { ipam: { mode: 'Auto' } },
  });
  await write('POST', `${compute}/workloads`, {
    apiVersion: 'compute.datumapis.com/v1alpha',
    kind: 'Workload',
    metadata: { name: 'web' },
    spec: {
      template: template('1'),
      placements: [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
    },
  });
  await eventually(numbers, (all) => all.join() === '1');
  await write('PATCH', `${compute}/workloads/web`, { spec: { template: template('2') } });
  await eventually(numbers, (all) => all.join() === '1,2');

  const refused = await server().call({
    method: 'PATCH',
    path: `${compute}/workloads/web`,
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { spec: { rollbackTo: { revision: 9 } } },
  });
  expect(refused.status).toBe(422);
  expect(refused.body.message).toContain('there are the revisions 1, 2');

  await write('PATCH', `${compute}/workloads/web`, { spec: { rollbackTo: { revision: 0 } } });
  await eventually(image, (one) => one.endsWith(':1'));
  await eventually(numbers, (all) => all.join() === '2,3');

  const mutation = `mutation { updateWorkload(namespace: "default", name: "web",
    patch: { spec: { rollbackTo: { revision: 2 } } }) { userErrors { message } } }`;
  expect(await ask(server().ready, mutation)).toEqual({ updateWorkload: { userErrors: [] } });
  await eventually(image, (one) => one.endsWith(':2'));
  await eventually(numbers, (all) => all.join() === '3,4');

  const { body } = await server().call({
    path: '/apis/apps/v1/namespaces/default/controllerrevisions',
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual([
    'Name',
    'Controller',
    'Revision',
    'Age',
  ]);
  expect(body.rows.map(({ cells }: { cells: unknown[] }) => cells.slice(1, 3)).toSorted()).toEqual([
    ['workload.compute.datumapis.com/web', 3],
    ['workload.compute.datumapis.com/web', 4],
  ]);
});

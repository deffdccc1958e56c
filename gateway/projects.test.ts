import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { onTestFinished, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { embeddedSubgraphs } from '../subgraphs/embedded.ts';
import { tokensOf } from '../test/support/authentication.ts';
import { bindUser, projectWorld } from '../test/support/projects.ts';
import { asAdmin } from '../test/support/store.ts';
import { send, testGateway, type Answer } from '../test/support/gateway.ts';

const names = '{ configMaps(namespace: "default") { nodes { id metadata { name } } } }';
const configMap = (name: string) => ({ metadata: { namespace: 'default', name } });

async function world() {
  const all = await projectWorld();
  const { authenticate, authority, enterProject, open } = all;
  const { store, registry } = open;
  const log = pino({ level: 'error' });
  const parts = embeddedSubgraphs({
    store,
    audit: open.audit,
    inventory: open.inventory,
    registry,
    authority,
    ...tokensOf(open),
    log,
  });
  const { url } = await testGateway({ on: open, authenticate, enterProject, ...parts, log });
  const shop = await all.make('shop');
  await all.make('secret');
  await store.create({ ...asAdmin, project: shop }, 'ConfigMap', configMap('inside'));
  await store.create(asAdmin, 'ConfigMap', configMap('outside'));
  const ask = (user: string, query: string, headers: Record<string, string> = {}, at = url): Promise<Answer> =>
    send(at, query, undefined, { authorization: `Bearer ${user}`, ...headers });
  const found = ({ data }: Answer) => data?.configMaps.nodes.map((node: any) => node.metadata.name);
  return { ...all, url, shop, ask, found, inShop: url.replace('/graphql', '/projects/shop/graphql') };
}

test('the header or the path says the project; both must say the same', async () => {
  const { ask, found, inShop, url } = await world();
  expect(found(await ask('root', names))).toEqual(['outside']);
  expect(found(await ask('root', names, { 'datum-project': 'default' }))).toEqual(['outside']);
  expect(found(await ask('root', names, { 'datum-project': 'shop' }))).toEqual(['inside']);
  expect(found(await ask('root', names, {}, inShop))).toEqual(['inside']);
  expect(found(await ask('root', names, { 'datum-project': 'shop' }, inShop))).toEqual(['inside']);
  expect(await ask('root', names, { 'datum-project': 'secret' }, inShop)).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
  const byGet = new URL(inShop);
  byGet.searchParams.set('query', names);
  const got = await fetch(byGet, { headers: { authorization: 'Bearer root', 'x-graphql-yoga-csrf': '1' } });
  expect(found((await got.json()) as Answer)).toEqual(['inside']);
  expect((await fetch(url.replace('/graphql', '/projects/shop/other'))).status).toBe(404);
});

test('a project that one may not know is as one that does not exist', async () => {
  const all = await world();
  const { ask } = all;
  await bindUser(all, all.shop, 'jane', 'view');
  const refused = async (user: string, project: string) => {
    const { status, errors } = await ask(user, names, { 'datum-project': project });
    return {
      status,
      errors: JSON.stringify(errors)
        .replaceAll(project, 'X')
        .replace(/"requestId":"[^"]*"/, ''),
    };
  };
  const absent = await refused('jane', 'nothing');
  expect(absent).toMatchObject({ status: 404, errors: expect.stringContaining('NOT_FOUND') });
  expect(await refused('jane', 'secret')).toEqual(absent);
  for (const odd of ['a/b', '..', '__proto__', 'shop.0', `${'x'.repeat(300)}`, all.shop.slice(0, -1)])
    expect(await refused('jane', odd)).toEqual(absent);
  expect((await ask('jane', names, { 'datum-project': 'shop' })).status).toBe(200);
  // Nobody is told apart by that they are nobody.
  expect((await send(all.url, names, undefined, { authorization: '', 'datum-project': 'shop' })).status).toBe(401);
});

test('ids of another project are not found', async () => {
  const { ask, inShop } = await world();
  const { data } = await ask('root', names, {}, inShop);
  const { id } = data.configMaps.nodes[0];
  const node = `{ node(id: "${id}") { id } nodes(ids: ["${id}"]) { id } }`;
  expect((await ask('root', node, {}, inShop)).data).toEqual({ node: { id }, nodes: [{ id }] });
  expect((await ask('root', node)).data).toEqual({ node: null, nodes: [null] });
});

test('a WebSocket is in the project of its path or its parameters; tokens of another are refused', async () => {
  const { inShop, url } = await world();
  const watch =
    'subscription ($from: String) { watchConfigMaps(from: $from) { type resumeToken configMap { metadata { name } } } }';
  const open = (at: string, params: Record<string, unknown>, user = 'root') => {
    const client = createClient({
      url: at.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${user}`, ...params },
    });
    onTestFinished(() => client.dispose());
    return client;
  };
  const first = async (at: string, params = {}, from?: string): Promise<any> => {
    for await (const { data, errors } of open(at, params).iterate<any>({ query: watch, variables: { from } }))
      return errors ?? data.watchConfigMaps;
  };
  expect(await first(url)).toMatchObject({ configMap: { metadata: { name: 'outside' } } });
  expect(await first(url, { project: 'shop' })).toMatchObject({ configMap: { metadata: { name: 'inside' } } });
  expect(await first(inShop)).toMatchObject({ configMap: { metadata: { name: 'inside' } } });
  await expect(first(url, { project: 'nothing' })).rejects.toMatchObject({ code: 4404 });
  await expect(first(inShop, { project: 'secret' })).rejects.toMatchObject({ code: 4404 });

  const token = async (at: string): Promise<string> => {
    for await (const { data } of open(at, {}).iterate<any>({ query: watch })) {
      const { type, resumeToken } = data.watchConfigMaps;
      if (type === 'BOOKMARK') return resumeToken as string;
    }
    throw new Error('no bookmark came');
  };
  expect(await first(url, {}, await token(inShop))).toMatchObject([{ extensions: { code: 'INVALID_RESUME_TOKEN' } }]);
});

test('a stream over SSE is in the project of its path', async () => {
  const { inShop } = await world();
  const response = await fetch(inShop, {
    method: 'POST',
    headers: { authorization: 'Bearer root', accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'subscription { watchConfigMaps { configMap { metadata { name } } } }' }),
  });
  // The answer to a stream has a body.
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('}}}')) text += (await reader.read()).value ?? '';
  expect(text).toContain('inside');
  expect(text).not.toContain('outside');
  await reader.cancel();
});

test('Organizations and Projects are in the root only', async () => {
  const { ask, inShop } = await world();
  const list = '{ projects { nodes { metadata { name } } } }';
  expect((await ask('root', list)).data.projects.nodes.map((node: any) => node.metadata.name)).toEqual([
    'secret',
    'shop',
  ]);
  expect((await ask('root', list, {}, inShop)).data.projects.nodes).toEqual([]);
  const create =
    'mutation { createProject(input: { metadata: { name: "x" } }) { project { id } userErrors { code } } }';
  expect((await ask('root', create, {}, inShop)).data.createProject).toEqual({
    project: null,
    userErrors: [{ code: 'FORBIDDEN' }],
  });
});

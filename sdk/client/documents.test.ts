import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { allKinds } from '../generated/kinds.ts';
import { createDatum } from './create-datum.ts';
import type { Kind } from './kind.ts';
import { selectionOf } from './selection.ts';

const root = join(import.meta.dirname, '..', '..');
const trusted = JSON.parse(readFileSync(join(root, 'sdk', 'generated', 'trusted-documents.json'), 'utf8')) as Record<
  string,
  string
>;
const find = (type: string): Kind | undefined => Object.values<Kind>(allKinds).find((kind) => kind.type === type);
const { networks, workloads } = allKinds;

/** What clients see of the gateway: the supergraph without what is for planners. */
function publicSchema() {
  const text = readFileSync(join(root, 'gateway', 'generated', 'supergraph.graphql'), 'utf8');
  return buildSchema(text, { assumeValidSDL: true });
}

test('every trusted document is one that the gateway takes, under its hash', () => {
  const schema = publicSchema();
  expect(Object.keys(trusted)).toHaveLength(Object.keys(allKinds).length * 7);
  for (const [id, document] of Object.entries(trusted)) {
    expect(id).toBe(`sha256:${createHash('sha256').update(document).digest('hex')}`);
    expect(
      validate(schema, parse(document)).map(({ message }) => message),
      document,
    ).toEqual([]);
  }
});

test('the documents that a client sends are the trusted ones, where nothing is selected', async () => {
  const sent: string[] = [];
  const answer = { object: null, page: { nodes: [], pageInfo: {} }, result: { userErrors: [], warnings: [] } };
  const datum = createDatum({
    url: 'http://none.example',
    fetch: async (_, init) => {
      sent.push((JSON.parse(String(init?.body)) as { query: string }).query);
      return Response.json({ data: answer });
    },
    streams: () => ({
      async *subscribe({ document }) {
        sent.push(document);
        yield { data: { event: { type: 'BOOKMARK', resumeToken: 'a' } } };
      },
      close: () => {},
    }),
  });
  const key = { namespace: 'a', name: 'b' };
  await datum.configMaps.find(key);
  await datum.configMaps.list({ labelSelector: 'a=b' }).all();
  await datum.configMaps.create({ metadata: key });
  await datum.configMaps.update(key, {}, { dryRun: true });
  await datum.configMaps.apply({ metadata: key });
  await datum.configMaps.delete(key);
  for await (const { type } of datum.configMaps.watch()) if (type === 'BOOKMARK') break;
  expect(sent).toHaveLength(7);
  for (const document of sent) expect(Object.values(trusted)).toContain(document);
});

test.each<[string, Parameters<typeof selectionOf>[1], string]>([
  ['parts of a field', { metadata: { name: true, labels: true } }, 'metadata{name labels}'],
  ['all of a field', { spec: { ipam: true } }, 'spec{ipam{mode ipv4Range ipv6Range}}'],
  ['what is switched off', { kind: true, spec: false, status: undefined }, 'kind'],
  ['what is no part of it', { id: true, viewerCan: { update: true } }, 'id viewerCan{update}'],
  [
    'who wrote it, only by name',
    { metadata: { managedFields: { manager: true } } },
    'metadata{managedFields{manager}}',
  ],
  [
    'a page',
    { contexts: { $: { first: 2, orderBy: 'NAME' }, nodes: { location: { kind: true } }, pageInfo: true } },
    'contexts(first:$a0 orderBy:$a1){nodes{location{kind}} pageInfo{hasNextPage endCursor}}',
  ],
])('a selection of %s', (_, choice, text) => {
  expect(selectionOf(networks, choice, find).text).toBe(text);
});

test('arguments of relations are variables, so that documents do not depend on them', () => {
  const choice = {
    deployments: {
      $: { first: 3 },
      nodes: { instances: { $: { filter: { labelSelector: 'a' } }, nodes: { kind: true } } },
    },
  };
  expect(selectionOf(workloads, choice, find)).toEqual({
    text: 'deployments(first:$a0){nodes{instances(filter:$a1){nodes{kind}}}}',
    definitions: ['$a0:Int', '$a1:ResourceFilter'],
    variables: { a0: 3, a1: { labelSelector: 'a' } },
  });
});

test.each<[string, Parameters<typeof selectionOf>[1], string]>([
  ['a field that there is not', { sepc: true }, 'Network has no field sepc'],
  ['a part that there is not', { spec: { mtv: true } }, 'Network.spec has no field mtv'],
  ['nothing', {}, 'nothing is selected of Network'],
  ['a name of prototypes', { constructor: true }, 'Network has no field constructor'],
])('a selection of %s is refused', (_, choice, message) => {
  expect(() => selectionOf(networks, choice, find)).toThrow(message);
});

test('a client that does not know a related kind says so where it would have to', () => {
  const unknown = (): undefined => undefined;
  const named = { contexts: { nodes: { metadata: { name: true } } } };
  expect(selectionOf(networks, named, unknown).text).toBe('contexts{nodes{metadata{name}}}');
  expect(() => selectionOf(networks, { contexts: { nodes: true } }, unknown)).toThrow('NetworkContext');
  expect(() =>
    selectionOf(networks, { contexts: { nodes: { subnets: { $: { first: 1 }, nodes: true } } } }, unknown),
  ).toThrow('need that kind');
});

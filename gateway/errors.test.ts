import { pino } from 'pino';
import { expect, test } from 'vitest';
import { StoreError } from '../store/errors.ts';
import type { Store } from '../store/types.ts';
import { testGateway } from '../test/support/gateway.ts';
import { testStore } from '../test/support/store.ts';

const create =
  'mutation ($input: NetworkInput!) { createNetwork(input: $input) { network { id } userErrors { message } } }';
const metadata = { name: 'web', namespace: 'default' };

test('input of the wrong shape names the field, as a variable and in the document', async () => {
  const { query } = await testGateway();
  const ipam = { mode: 'Auto' };
  const wrong: [unknown, string][] = [
    [{ ipam, bogus: 1 }, 'spec.bogus'],
    [{ ipam, mtu: 'big' }, 'spec.mtu'],
    [{ ipam: { mode: 'Nope' } }, 'spec.ipam.mode'],
    [{}, 'spec.ipam'],
    [{ ipam, ipFamilies: ['IPv4', 'IPv5'] }, 'spec.ipFamilies[1]'],
  ];
  for (const [spec, field] of wrong) {
    const { errors } = await query(create, { input: { metadata, spec } });
    expect(
      errors?.map(({ extensions }) => [extensions['code'], extensions['field']]),
      field,
    ).toEqual([['BAD_USER_INPUT', field]]);
  }
  const literal = (spec: string): string =>
    `mutation { createNetwork(input: { metadata: { name: "web", namespace: "default" }, spec: ${spec} }) { network { id } } }`;
  for (const [spec, field] of [
    ['{ ipam: { mode: Auto }, bogus: 1 }', 'spec.bogus'],
    ['{ ipam: { mode: Auto }, mtu: "big" }', 'spec.mtu'],
    ['{ ipam: { mode: Auto }, ipFamilies: [IPv4, IPv5] }', 'spec.ipFamilies[1]'],
  ] as const) {
    const { errors } = await query(literal(spec));
    expect(
      errors?.map(({ extensions }) => [extensions['code'], extensions['field']]),
      field,
    ).toEqual([['BAD_USER_INPUT', field]]);
  }
  expect((await query('{ networks { nodes { id } } }')).data.networks.nodes).toEqual([]);
});

test('every error has a code, whether a retry may help, and the id of its request', async () => {
  const { query } = await testGateway();
  const cases: [string, string][] = [
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ networks ', 'GRAPHQL_PARSE_FAILED'],
    ['query ($n: Int!) { networks(first: $n) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['{ networks(after: "nonsense") { nodes { id } } }', 'INVALID_CURSOR'],
    ['{ networks(filter: { labelSelector: "a in" }) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['{ networks(filter: { fieldSelector: "spec.nothing=1" }) { nodes { id } } }', 'BAD_USER_INPUT'],
  ];
  for (const [text, code] of cases) {
    const { errors } = await query(text, undefined, { 'x-request-id': 'find-me' });
    expect(
      errors?.map(({ extensions }) => extensions),
      text,
    ).toEqual([expect.objectContaining({ code, retryable: false, requestId: 'find-me' })]);
  }
});

test('a fault of ours is masked, a lost database is said to pass', async () => {
  const store = await testStore();
  let failure: Error = new Error('secret detail');
  const failing: Store = {
    ...store.store,
    getPlaces: () => Promise.reject(failure),
    list: () => Promise.reject(failure),
  };
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const { query } = await testGateway({ on: { ...store, store: failing }, log });
  for (const text of ['{ networks { nodes { id } } }', '{ network(namespace: "default", name: "web") { id } }']) {
    failure = new Error('secret detail');
    const masked = await query(text);
    expect(JSON.stringify(masked)).not.toContain('secret detail');
    expect(masked.errors?.[0]).toMatchObject({
      message: 'Internal error',
      extensions: { code: 'INTERNAL', retryable: false },
    });
    failure = new StoreError('Unavailable', 'the database cannot be reached');
    expect((await query(text)).errors?.[0]).toMatchObject({ extensions: { code: 'UNAVAILABLE', retryable: true } });
  }
  expect(lines.filter((line) => line.includes('secret detail') && line.includes('requestId'))).toHaveLength(2);
});

test('a subgraph that cannot be reached is said so, without its address', async () => {
  const { query } = await testGateway({
    subgraphs: new Map(['core', 'networking', 'compute'].map((name) => [name, 'http://127.0.0.1:9/none'])),
  });
  const { errors } = await query('{ networks { nodes { id } } }');
  expect(errors?.[0]).toMatchObject({
    message: 'The subgraph networking cannot be reached',
    extensions: { code: 'UNAVAILABLE', retryable: true },
  });
});

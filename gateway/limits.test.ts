import { expect, test } from 'vitest';
import { testGateway } from '../test/support/gateway.ts';

/** `{ a { a { … } } }` with the innermost selection given. */
function nest(fields: readonly string[], inner: string): string {
  return fields.reduceRight((selection, field) => `{ ${field} ${selection} }`, inner);
}

async function codes(
  gateway: Awaited<ReturnType<typeof testGateway>>,
  query: string,
  variables?: Record<string, unknown>,
): Promise<unknown[]> {
  const { errors = [] } = await gateway.query(query, variables);
  for (const { extensions } of errors)
    expect(extensions).toMatchObject({ retryable: false, requestId: expect.any(String) as string });
  return errors.map(({ extensions }) => extensions['code']);
}

test('depth counts fields, inline fragments and spreads, 15 at most', async () => {
  const gateway = await testGateway();
  const path = [
    'networks(first: 1)',
    'nodes',
    'contexts(first: 1)',
    'nodes',
    'subnets(first: 1)',
    'nodes',
    'networkContext',
    'network',
  ];
  const deep = [...path, 'contexts(first: 1)', 'nodes', 'subnets(first: 1)', 'nodes', 'metadata'];
  expect(await codes(gateway, nest(deep, '{ name }'))).toEqual([]);
  expect(await codes(gateway, nest([...deep.slice(0, -1), 'spec', 'networkContext'], '{ name }'))).toEqual([]);
  const tooDeep = [...deep.slice(0, -1), 'networkContext', 'network', 'metadata'];
  expect(await codes(gateway, nest(tooDeep, '{ name }'))).toEqual(['QUERY_TOO_DEEP']);
  expect(await codes(gateway, nest(deep, '{ ... { ... { name } } }'))).toEqual(['QUERY_TOO_DEEP']);
  expect(
    await codes(
      gateway,
      `${nest(deep, '{ ...A }')} fragment A on ObjectMeta { ...B } fragment B on ObjectMeta { name }`,
    ),
  ).toEqual(['QUERY_TOO_DEEP']);
  expect(
    await codes(gateway, `subscription ${nest(['watchNetworks', 'network', ...tooDeep.slice(2)], '{ name }')}`),
  ).toEqual(['QUERY_TOO_DEEP']);
});

test('tokens, aliases and selections are limited', async () => {
  const gateway = await testGateway({ demand: { maxTokens: 200, maxAliases: 10, maxSelections: 50 } });
  expect(await codes(gateway, `{ ${'__typename '.repeat(300)} }`)).toEqual(['TOO_MANY_TOKENS']);
  const aliases = (count: number): string =>
    Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ');
  expect(await codes(gateway, `{ ${aliases(10)} }`)).toEqual([]);
  expect(await codes(gateway, `{ ${aliases(11)} }`)).toEqual(['TOO_MANY_ALIASES']);
  const spreads = `{ ...A ...A } fragment A on Query { ${aliases(6)} }`;
  expect(await codes(gateway, spreads)).toEqual(['TOO_MANY_ALIASES']);
  const bomb = Array.from(
    { length: 8 },
    (_, index) => `fragment F${index} on Query { ${index === 7 ? '__typename' : `...F${index + 1} ...F${index + 1}`} }`,
  );
  expect(await codes(gateway, `{ ...F0 } ${bomb.join(' ')}`)).toEqual(['TOO_MANY_SELECTIONS']);
});

test('cost counts the sizes of lists, also from variables and their defaults', async () => {
  const gateway = await testGateway({ demand: { maxCost: 1_000 } });
  const lists = (outer: string, inner: string): string =>
    `{ networks(${outer}) { nodes { id contexts(${inner}) { edges { node { id } } } } } }`;
  expect(await codes(gateway, lists('first: 10', 'first: 10'))).toEqual([]);
  expect(await codes(gateway, lists('first: 100', 'first: 10'))).toEqual(['QUERY_TOO_COSTLY']);
  expect(await codes(gateway, `{ networks { nodes { contexts { nodes { id } } } } }`), 'default sizes').toEqual([
    'QUERY_TOO_COSTLY',
  ]);
  const withVariable = (declared: string): string => `query (${declared}) ${lists('first: 100', 'first: $n')}`;
  expect(await codes(gateway, withVariable('$n: Int'), { n: 1 })).toEqual([]);
  expect(await codes(gateway, withVariable('$n: Int'), { n: 10 })).toEqual(['QUERY_TOO_COSTLY']);
  expect(await codes(gateway, withVariable('$n: Int = 10'))).toEqual(['QUERY_TOO_COSTLY']);
  const inFragment = `{ networks(first: 100) { ...Page } } fragment Page on NetworkConnection { nodes { contexts(first: 10) { nodes { id } } } }`;
  expect(await codes(gateway, inFragment)).toEqual(['QUERY_TOO_COSTLY']);
});

test('a list has at most 200 items', async () => {
  const gateway = await testGateway();
  for (const first of [0, -1, 201]) {
    const { errors } = await gateway.query(`{ networks(first: ${first}) { nodes { id } } }`);
    expect(errors?.[0]?.extensions, String(first)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' });
  }
  const ids = Array.from({ length: 201 }, () => 'x');
  expect(await codes(gateway, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual(['BAD_USER_INPUT']);
});

test('introspection can be switched off, and does not nest without end', async () => {
  const open = await testGateway();
  const { getIntrospectionQuery } = await import('graphql');
  expect((await open.query(getIntrospectionQuery())).data.__schema.queryType.name).toBe('Query');
  const nested = nest(
    ['__schema', 'types', 'fields', 'type', 'fields', 'type', 'fields', 'type', 'fields'],
    '{ name }',
  );
  expect((await open.query(nested)).errors).toHaveLength(1);
  const closed = await testGateway({ introspection: false, on: open.store });
  for (const query of [
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Network") { name } }',
    '{ ...A } fragment A on Query { __schema { queryType { name } } }',
  ]) {
    expect(await codes(closed, query)).toEqual(['INTROSPECTION_DISABLED']);
  }
  expect((await closed.query('{ __typename networks { nodes { __typename } } }')).errors).toBeUndefined();
});

test('what a foreign page could send without asking is refused', async () => {
  const { url } = await testGateway();
  const authorization = 'Bearer test-token-0123456789';
  const send = async (method: string, headers: Record<string, string>, body?: string): Promise<[number, unknown]> => {
    const query = method === 'GET' ? `?query=${encodeURIComponent('{ __typename }')}` : '';
    const response = await fetch(url + query, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const answer = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    return [response.status, answer.errors?.[0]?.extensions.code ?? answer.data];
  };
  expect(await send('GET', {})).toEqual([403, 'CSRF']);
  expect(await send('POST', { 'content-type': 'text/plain' }, '{"query":"{ __typename }"}')).toEqual([403, 'CSRF']);
  expect(await send('POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'query={__typename}')).toEqual([
    403,
    'CSRF',
  ]);
  expect(await send('GET', { 'x-graphql-yoga-csrf': '1' })).toEqual([200, { __typename: 'Query' }]);
  expect(await send('POST', { 'content-type': 'application/json' }, '{"query":"{ __typename }"}')).toEqual([
    200,
    { __typename: 'Query' },
  ]);
});

test('a body over the limit is refused before it is read', async () => {
  const { url, query } = await testGateway({ demand: { maxBodyBytes: 1000 } });
  const { status, errors } = await query('{ __typename }', { padding: 'x'.repeat(1000) });
  expect([status, errors?.[0]?.extensions['code']]).toEqual([413, 'TOO_LARGE']);
  expect((await fetch(new URL('/livez', url))).status).toBe(200);
});

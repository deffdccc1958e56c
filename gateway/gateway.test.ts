import { expect, test } from 'vitest';
import { testGateway } from '../test/support/gateway.ts';

test('a network is made, found and deleted', async () => {
  const { query } = await testGateway();
  const made = await query(
    `mutation ($input: NetworkInput!) { createNetwork(input: $input) { network { id metadata { name namespace labels } spec { mtu ipFamilies ipam { mode } } status { conditions { type status } } } userErrors { __typename message } warnings } }`,
    { input: { metadata: { name: 'web', namespace: 'default', labels: { a: 'b' } }, spec: { ipam: { mode: 'Auto' } } } },
  );
  console.log(JSON.stringify(made));
  const found = await query(`{ network(namespace: "default", name: "web") { id metadata { name resourceVersion } workloads { nodes { id } } } networks(first: 3) { nodes { metadata { name } contexts { nodes { id subnets { nodes { id } } } } } edges { cursor } pageInfo { endCursor hasNextPage } resourceVersion resumeToken } namespaces { nodes { id metadata { name } status { phase } } } node(id: "${made.data.createNetwork.network.id}") { id __typename ... on Resource { kind metadata { name } } ... on Network { spec { mtu } } } }`);
  console.log(JSON.stringify(found));
  expect(found.errors).toBeUndefined();
});

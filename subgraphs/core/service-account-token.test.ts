import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { remoteTestGateway, testGateway } from '../../test/support/gateway.ts';
import { testIssuer } from '../../test/support/authentication.ts';
import { asAdmin } from '../../test/support/store.ts';

const mutation = `mutation ($name: String!, $audiences: [String!], $secs: Int, $bound: BoundObjectInput) {
  made: createServiceAccountToken(namespace: "default", name: $name, audiences: $audiences, expirationSeconds: $secs, boundObjectRef: $bound) {
    token expirationTimestamp audiences warnings userErrors { __typename message code ... on ValidationError { field } }
  }
}`;

test.each([
  ['in one process', testGateway],
  ['with subgraphs behind HTTP', remoteTestGateway],
])('a token of a service account (%s)', async (_, start) => {
  const { query, store } = await start();
  const { object: account } = await store.store.create(asAdmin, 'ServiceAccount', {
    metadata: { namespace: 'default', name: 'robot' },
  });
  const { object: secret } = await store.store.create(asAdmin, 'Secret', {
    metadata: { namespace: 'default', name: 's' },
  });
  const make = async (variables: object) => {
    const { data, errors } = await query(mutation, { name: 'robot', ...variables });
    expect(errors).toBeUndefined();
    return data.made;
  };

  const plain = await make({});
  expect(plain).toMatchObject({ audiences: [testIssuer], userErrors: [], warnings: [] });
  const claims = decodeJwt(plain.token);
  expect(claims).toMatchObject({ 'kubernetes.io': { serviceaccount: { uid: account.metadata.uid } } });
  expect(Date.parse(plain.expirationTimestamp)).toBe((claims.exp ?? 0) * 1000);
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);

  const bound = await make({ audiences: ['vault'], secs: 600, bound: { kind: 'Secret', name: 's' } });
  expect(bound.audiences).toEqual(['vault']);
  expect(decodeJwt(bound.token)['datumapis.com']).toMatchObject({
    bound: { kind: 'Secret', name: 's', uid: secret.metadata.uid },
  });

  const refused: readonly (readonly [object, object])[] = [
    [{ name: 'nobody' }, { __typename: 'NotFoundError', code: 'NOT_FOUND' }],
    [{ secs: 599 }, { __typename: 'ValidationError', field: 'expirationSeconds' }],
    [{ bound: { kind: 'Secret', name: 'x' } }, { __typename: 'NotFoundError', code: 'NOT_FOUND' }],
    [{ bound: { kind: 'Secret', name: 's', uid: 'other' } }, { __typename: 'ConflictError', code: 'CONFLICT' }],
    [
      { bound: { kind: 'Namespace', name: 'default' } },
      { __typename: 'ValidationError', field: 'boundObjectRef.kind' },
    ],
    [{ bound: { kind: '__proto__', name: 'x' } }, { __typename: 'ValidationError', field: 'boundObjectRef.kind' }],
  ];
  for (const [variables, error] of refused) {
    expect(await make(variables)).toMatchObject({ token: null, userErrors: [error] });
  }
});

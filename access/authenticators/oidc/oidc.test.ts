import { importJWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { oidcIssuer, testAuthentication } from '../../../test/support/authentication.ts';
import { oidcProvider } from '../../../test/support/oidc-provider.ts';
import { testStore } from '../../../test/support/store.ts';

const accounts = {
  ann: { email: 'ann@example.com', email_verified: true, groups: ['net', 'ops'], team: 'blue', org: { roles: ['r1'] } },
  bob: { email: 'bob@example.com', email_verified: false, groups: 'net', team: 'red' },
  eve: { preferred: 'system:admin', groups: ['system:masters', 'stem:masters', '', 7, 'net\u202e'], team: 'blue' },
};

test('users of several issuers are who their issuer says, by the rules for it', async () => {
  const [first, second] = [await oidcProvider(accounts), await oidcProvider(accounts)];
  const { authenticate } = testAuthentication(await testStore(), {
    oidc: [
      oidcIssuer(first.issuer, { extra: { 'example.com/team': 'team' } }),
      oidcIssuer(second.issuer, {
        usernameClaim: 'email',
        usernamePrefix: '',
        groupsClaim: 'org.roles',
        groupsPrefix: 'org:',
        requiredClaims: { team: 'blue' },
        audiences: ['cli', 'https://api.example'],
      }),
    ],
  });
  const who = async (token: string) => authenticate(`Bearer ${token}`);
  expect(await who(await first.idToken('ann'))).toMatchObject({
    user: 'oidc:ann',
    uid: 'ann',
    groups: ['oidc:net', 'oidc:ops', 'system:authenticated'],
    extra: { 'example.com/team': ['blue'] },
    credential: `oidc:${first.issuer}`,
    project: 'default',
    expiresAtMs: expect.any(Number),
  });
  expect(await who(await first.idToken('bob'))).toMatchObject({ groups: ['oidc:net', 'system:authenticated'] });
  expect(await who(await second.idToken('ann'))).toMatchObject({
    user: 'ann@example.com',
    groups: ['org:r1', 'system:authenticated'],
  });
  // Another team, and an address that nobody has made sure of.
  expect(await who(await second.idToken('bob'))).toBeUndefined();
  // An access token of a machine, for an audience that only the first does not have.
  expect(await who(await first.accessToken('https://api.example'))).toBeUndefined();
  expect(await who(await second.accessToken('https://api.example'))).toBeUndefined();
});

test('a machine proves itself by an access token for one of our audiences', async () => {
  const provider = await oidcProvider();
  const { authenticate } = testAuthentication(await testStore(), {
    oidc: [oidcIssuer(provider.issuer, { audiences: ['https://api.example'] })],
  });
  const right = await authenticate(`Bearer ${await provider.accessToken('https://api.example')}`);
  expect(right).toMatchObject({ user: 'oidc:machine', groups: ['system:authenticated'] });
  expect(await authenticate(`Bearer ${await provider.accessToken('https://other.example')}`)).toBeUndefined();
});

test("no claim becomes one of the product's own names", async () => {
  const provider = await oidcProvider(accounts);
  const store = await testStore();
  const token = await provider.idToken('eve');
  const groupsOf = async (groupsPrefix: string): Promise<readonly string[] | undefined> => {
    const oidc = [oidcIssuer(provider.issuer, { groupsPrefix })];
    return (await testAuthentication(store, { oidc }).authenticate(`Bearer ${token}`))?.groups;
  };
  expect(await groupsOf('')).toEqual(['stem:masters', 'system:authenticated']);
  // A prefix and a claim that only together are such a name.
  expect(await groupsOf('sy')).toEqual(['sysystem:masters', 'system:authenticated']);
  const asSystem = [oidcIssuer(provider.issuer, { usernameClaim: 'preferred', usernamePrefix: '' })];
  expect(await testAuthentication(store, { oidc: asSystem }).authenticate(`Bearer ${token}`)).toBeUndefined();
  const withPrefix = [oidcIssuer(provider.issuer, { usernameClaim: 'preferred' })];
  expect(await testAuthentication(store, { oidc: withPrefix }).authenticate(`Bearer ${token}`)).toMatchObject({
    user: 'oidc:system:admin',
  });
});

test('new keys are found, old ones are dropped, and an issuer that is down or silly is not asked again and again', async () => {
  const provider = await oidcProvider(accounts);
  const store = await testStore();
  const open = (cooldownMs: number, refreshMs = 600_000) =>
    testAuthentication(store, {
      oidc: [oidcIssuer(provider.issuer)],
      times: { issuers: { refreshMs, keepMs: 3_600_000, cooldownMs } },
    }).authenticate;
  const [eager, patient, fresh] = [open(0), open(60_000), open(0, 0)];
  const before = await provider.idToken('ann');
  for (const authenticate of [eager, patient, fresh]) {
    expect(await authenticate(`Bearer ${before}`)).toMatchObject({ user: 'oidc:ann' });
  }
  expect(provider.keyFetches()).toBe(3);
  await provider.rotateKeys();
  const after = await provider.idToken('bob');
  expect(await eager(`Bearer ${after}`)).toMatchObject({ user: 'oidc:bob' });
  // It has fetched them a moment ago, and nobody makes it do so again.
  for (let index = 0; index < 50; index += 1) {
    const key = await importJWK({ ...provider.signingKey(), kid: `k${index}` }, 'RS256');
    const token = new SignJWT({ sub: 'x' }).setProtectedHeader({ alg: 'RS256', kid: `k${index}` });
    const signed = await token.setIssuer(provider.issuer).setAudience('cli').setExpirationTime('1h').sign(key);
    expect(await patient(`Bearer ${signed}`)).toBeUndefined();
  }
  expect(provider.keyFetches()).toBe(4);
  // What it knows is good while the issuer is down, and used while it is fetched anew.
  provider.breakDown();
  expect(await fresh(`Bearer ${before}`)).toMatchObject({ user: 'oidc:ann' });
  expect(await open(0)(`Bearer ${after}`)).toBeUndefined();
});

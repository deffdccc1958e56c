import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { expect, test } from 'vitest';
import { oidcIssuer, testAuthentication, testIssuer } from '../../test/support/authentication.ts';
import { projectWorld } from '../../test/support/projects.ts';
import { asAdmin, testStore, type TestStore } from '../../test/support/store.ts';
import { whileValid } from '../sessions/while-valid.ts';
import { createSigningKeys } from '../../store/credentials/signing-keys.ts';
import { createKeyRing } from './key-ring.ts';
import { tokenIssuer } from './issue-token.ts';

const at = { namespace: 'default', name: 'robot' };
const wish = { ...at, audiences: [] };

async function world() {
  const store = await testStore();
  const { object: account } = await store.store.create(asAdmin, 'ServiceAccount', { metadata: { ...at } });
  const authentication = testAuthentication(store);
  const who = (token: string) => authentication.authenticate(`Bearer ${token}`);
  return { ...authentication, store, account, who };
}

const secret = ({ store }: TestStore, data: Record<string, string> = {}) =>
  store.create(asAdmin, 'Secret', { metadata: { namespace: 'default', name: 's' }, data });

test('a token of a service account says which, for whom and how long, and others can verify it', async () => {
  const { account, serviceAccounts, who } = await world();
  const issued = await serviceAccounts.request(asAdmin, wish);
  expect(issued).toMatchObject({ audiences: [testIssuer], expiresInSecs: 3600 });
  const claims = decodeJwt(issued.token);
  expect(claims).toMatchObject({
    iss: testIssuer,
    sub: 'system:serviceaccount:default:robot',
    aud: [testIssuer],
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid: account.metadata.uid } },
  });
  expect(claims.exp).toBe(issued.expiresAt.getTime() / 1000);
  expect(await who(issued.token)).toMatchObject({
    user: 'system:serviceaccount:default:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    uid: account.metadata.uid,
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] },
    project: 'default',
    boundTo: 'default',
    expiresAtMs: issued.expiresAt.getTime(),
  });
  expect(serviceAccounts.discovery.configuration).toMatchObject({
    issuer: testIssuer,
    jwks_uri: `${testIssuer}/openid/v1/jwks`,
  });
  const published = await serviceAccounts.discovery.keys();
  expect(JSON.stringify(published)).not.toContain('"d":');
  const verified = await jwtVerify(issued.token, createLocalJWKSet(published as JSONWebKeySet), { issuer: testIssuer });
  expect(verified.protectedHeader).toMatchObject({ alg: 'ES256', typ: 'JWT' });
});

test('a token for others is nothing here, and those others are told whose it is', async () => {
  const { serviceAccounts, authenticate, who } = await world();
  const { token } = await serviceAccounts.request(asAdmin, { ...wish, audiences: ['vault', 'registry'] });
  expect(await who(token)).toBeUndefined();
  expect(await authenticate(`Bearer ${token}`, ['registry', 'other'])).toMatchObject({ audiences: ['registry'] });
  expect(await authenticate(`Bearer ${token}`, ['other'])).toBeUndefined();
  expect(await authenticate(`Bearer ${token}`, [testIssuer])).toBeUndefined();
});

test('a lifetime is at most a year', async () => {
  const { serviceAccounts } = await world();
  const { expiresInSecs } = await serviceAccounts.request(asAdmin, { ...wish, expiresInSecs: 2 ** 32 });
  expect(expiresInSecs).toBe(365 * 24 * 3600);
});

test.each([
  ['its account', 'ServiceAccount', at],
  ['the object that it is bound to', 'Secret', { namespace: 'default', name: 's' }],
])('a token ends with %s, and so does what was opened with it', async (_, kind, key) => {
  const { serviceAccounts, store, who } = await world();
  await secret(store);
  const { token } = await serviceAccounts.request(asAdmin, { ...wish, bound: { kind: 'Secret', name: 's' } });
  const identity = await who(token);
  if (identity === undefined) throw new Error('the token proves nobody');
  const ended = new Promise<void>((resolve) => void whileValid(identity, resolve));
  const started = performance.now();
  await store.store.delete(asAdmin, kind, key);
  await ended;
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await who(token)).toBeUndefined();
  // Another of the same name is another.
  await store.store.create(asAdmin, kind, { metadata: { ...key } });
  await expect.poll(() => who(token), { timeout: 5000 }).toBeUndefined();
});

test('no token for what is not there, or for an object that is another', async () => {
  const { serviceAccounts, store } = await world();
  await secret(store);
  const request = (more: object) => serviceAccounts.request(asAdmin, { ...wish, ...more });
  await expect(request({ name: 'nobody' })).rejects.toMatchObject({ code: 'NotFound' });
  await expect(request({ bound: { kind: 'Secret', name: 'x' } })).rejects.toMatchObject({ code: 'NotFound' });
  const other = { kind: 'Secret', name: 's', uid: '00000000-0000-4000-8000-000000000000' };
  await expect(request({ bound: other })).rejects.toMatchObject({ code: 'Conflict' });
});

test('a key counts as long as it stands in its Secret', async () => {
  const { account, serviceAccounts, store, who } = await world();
  const { object } = await secret(store);
  const key = await serviceAccounts.keyFor('default', account, object);
  expect(decodeJwt(key)).not.toHaveProperty('exp');
  expect(await who(key)).toBeUndefined();
  const put = (token: string) =>
    store.store.update(asAdmin, 'Secret', { namespace: 'default', name: 's' }, (current) => ({
      ...current,
      data: { token: Buffer.from(token).toString('base64') },
    }));
  await put(key);
  await expect.poll(() => who(key), { timeout: 5000 }).toMatchObject({ user: 'system:serviceaccount:default:robot' });
  await put(await serviceAccounts.keyFor('default', account, object));
  await expect.poll(() => who(key), { timeout: 5000 }).toBeUndefined();
});

test('a token that was taken back is refused in whatever spelling of its signature', async () => {
  const { serviceAccounts, who, takeBack } = await world();
  const { token } = await serviceAccounts.request(asAdmin, wish);
  expect(await who(token)).toBeDefined();
  await takeBack(token);
  await expect.poll(() => who(token), { timeout: 5000 }).toBeUndefined();
  // ES256 has two signatures for each: (r, s) and (r, n - s).
  const twin = otherSignature(token);
  expect(twin).not.toBe(token);
  expect(await who(twin)).toBeUndefined();
});

function otherSignature(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [header, claims, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  return `${header}.${claims}.${twin.toString('base64url')}`;
}

test('all processes share their keys; new ones are made in time, old ones go when no token needs them', async () => {
  const store = await testStore();
  const stored = createSigningKeys(store.pool, store.box);
  const ring = (times: Parameters<typeof createKeyRing>[1]) => createKeyRing(stored, { publishMs: 0, ...times });
  // Several processes need the first key at once.
  const hourMs = 3_600_000;
  const ids = await Promise.all(Array.from({ length: 5 }, async () => (await ring({}).signer(0)).id));
  expect(new Set(ids).size).toBe(1);
  const old = ring({ refreshEveryMs: 3_600_000 });
  expect(await old.find(ids[0] ?? '')).toBeDefined();

  const rotating = ring({ rotateEveryMs: 0 });
  const { id } = await rotating.signer(Date.now() + hourMs);
  expect(id).not.toBe(ids[0]);
  // A process that has not seen the new key finds it when a token names it.
  await expect.poll(() => old.find(id), { timeout: 5000 }).toBeDefined();
  expect((await old.published()).map(({ kid }) => kid).toSorted()).toEqual([...new Set([...ids, id])].toSorted());

  // A key that is too young for others to know does not sign.
  const patient = createKeyRing(stored, { publishMs: hourMs });
  expect((await patient.signer(0)).id).toBe(ids[0]);

  await store.pool.query("update signing_key set needed_until = now() - interval '2 days' where id = $1", [ids[0]]);
  await rotating.signer(0);
  expect(await ring({}).find(ids[0] ?? '')).toBeUndefined();
  expect(await ring({}).find(id)).toBeDefined();
});

test('a key that signs tokens without end is kept without end', async () => {
  const store = await testStore();
  const stored = createSigningKeys(store.pool, store.box);
  const sign = tokenIssuer(createKeyRing(stored), testIssuer);
  await sign({ project: 'p', ...at, uid: 'u', isKey: true }, [testIssuer]);
  expect((await stored.all()).map(({ neededUntilMs }) => neededUntilMs)).toEqual([Infinity]);
});

test('the private keys are encrypted where they are kept', async () => {
  const { serviceAccounts, store } = await world();
  const { token } = await serviceAccounts.request(asAdmin, wish);
  const { rows } = await store.pool.query<{ private_key: string; public_key: { kid: string } }>(
    'select * from signing_key',
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.public_key.kid).toBe(decodeProtectedHeader(token).kid);
  expect(rows[0]?.private_key).toMatch(/^enc:/);
});

test('the name of the product as an issuer is not for others to take', async () => {
  const store = await testStore();
  const { authenticate } = testAuthentication(store, { oidc: [oidcIssuer(testIssuer)] });
  expect(await authenticate('Bearer a.b.c')).toBeUndefined();
});

test('a credential of a project is good there and nowhere else', async () => {
  const { enterProject, make, open } = await projectWorld();
  const { hand, serviceAccounts, ...authentication } = testAuthentication(open);
  const shop = await make('shop');
  await make('secret');
  const inShop = { ...asAdmin, project: shop };
  await open.store.create(inShop, 'ServiceAccount', { metadata: { ...at } });
  // One of the same name elsewhere is another.
  await open.store.create(asAdmin, 'ServiceAccount', { metadata: { ...at } });
  const tokens = [
    (await serviceAccounts.request(inShop, wish)).token,
    await hand({ user: 'shop-ci', groups: ['system:masters'], project: 'shop' }),
  ];
  for (const token of tokens) {
    const identity = await authentication.authenticate(`Bearer ${token}`);
    if (identity === undefined) throw new Error('the token proves nobody');
    for (const own of [undefined, 'shop', shop]) expect(enterProject(identity, own)?.project, own).toBe(shop);
    for (const other of ['default', 'secret', 'nowhere']) expect(enterProject(identity, other), other).toBeUndefined();
  }
});

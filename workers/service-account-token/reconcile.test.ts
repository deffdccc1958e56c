import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import type { Secret } from '../../kinds/generated/types.ts';
import { testAuthentication } from '../../test/support/authentication.ts';
import { asAdmin, type TestStore } from '../../test/support/store.ts';
import { createWorld } from '../../test/support/world.ts';
import type { ServiceAccountTokenDeps } from './deps.ts';
import { controller } from './reconcile.ts';

const at = (name: string) => ({ namespace: 'default', name });
const authority = 'an authority of certificates';

async function world() {
  let signKey: ServiceAccountTokenDeps['signKey'] = () => Promise.reject(new Error('too early'));
  const made = await createWorld([
    ({ store }) => controller({ store, signKey: (...args) => signKey(...args), apiAuthority: authority }),
  ]);
  const authentication = testAuthentication(made.open);
  signKey = authentication.serviceAccounts.keyFor;
  return { ...made, who: (token: string) => authentication.authenticate(`Bearer ${token}`) };
}

const account = ({ store }: Pick<TestStore, 'store'>, name: string) =>
  store.create(asAdmin, 'ServiceAccount', { metadata: at(name) });

const ask = ({ store }: Pick<TestStore, 'store'>, name: string, of: string, more: Partial<Secret> = {}) =>
  store.create(asAdmin, 'Secret', {
    ...more,
    metadata: { ...at(name), annotations: { 'kubernetes.io/service-account.name': of } },
    type: 'kubernetes.io/service-account-token',
  });

const decoded = ({ data = {} }: Secret): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]));

test('a Secret that asks for a token gets one, which proves the account as long as both are there', async () => {
  const { get, names, open, settle, store, who } = await world();
  await ask(open, 'early', 'robot');
  await settle();
  expect((await get('Secret', 'early')).data).toBeUndefined();

  const { object } = await account(open, 'robot');
  await ask(open, 'late', 'robot', { stringData: { mine: 'kept' } });
  await store.create(asAdmin, 'Secret', { metadata: at('plain') });
  await settle();
  for (const name of ['early', 'late']) {
    const secret = await get('Secret', name);
    expect(secret.metadata.annotations).toMatchObject({ 'kubernetes.io/service-account.uid': object.metadata.uid });
    const { token = '', ...rest } = decoded(secret);
    expect(rest).toEqual({ namespace: 'default', 'ca.crt': authority, ...(name === 'late' ? { mine: 'kept' } : {}) });
    expect(decodeJwt(token)['kubernetes.io']).toMatchObject({ secret: { name, uid: secret.metadata.uid } });
    expect(await who(token)).toMatchObject({ user: 'system:serviceaccount:default:robot' });
  }
  expect((await get('Secret', 'plain')).data).toBeUndefined();

  // A token that somebody takes out is replaced, and the old one is none any more.
  const { token: old = '' } = decoded(await get('Secret', 'late'));
  await store.update(asAdmin, 'Secret', at('late'), (secret) => ({ ...secret, data: {} }));
  await settle();
  const { token: fresh = '' } = decoded(await get('Secret', 'late'));
  expect(fresh).not.toBe(old);
  await expect.poll(() => who(old), { timeout: 5000 }).toBeUndefined();
  expect(await who(fresh)).toBeDefined();

  await store.delete(asAdmin, 'ServiceAccount', at('robot'));
  await settle();
  expect(await names('Secret')).toEqual(['plain']);
});

test('an account that was made anew does not take over the Secrets of the one before', async () => {
  const { names, open, settle, store } = await world();
  await account(open, 'robot');
  await ask(open, 'old', 'robot');
  await settle();
  await store.delete(asAdmin, 'ServiceAccount', at('robot'));
  await account(open, 'robot');
  await ask(open, 'new', 'robot');
  await settle();
  expect(await names('Secret')).toEqual(['new']);
});

test('a Secret that its owner has closed is let be', async () => {
  const { get, open, settle } = await world();
  await account(open, 'robot');
  await ask(open, 'closed', 'robot', { immutable: true });
  await settle();
  expect((await get('Secret', 'closed')).data).toBeUndefined();
});

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ask, eventually } from '../support/graphql.ts';
import { loginProvider, type LoginProvider } from '../support/login-provider.ts';
import { type Desk, expectNoComplaints, openDesk } from './browser.ts';
import { lookAt } from './look-at.ts';

const put = `mutation ($data: MapPatch) {
  applyConfigMap(namespace: "default", name: "news", input: {data: $data}, force: true) { userErrors { message } }
}`;
/** Everybody whom the provider knows may see what is in namespaces. */
const bind = `mutation {
  createClusterRoleBinding(input: {metadata: {name: "people"}, roleRef: {apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view"},
    subjects: [{kind: "User", name: "oidc:ann", apiGroup: "rbac.authorization.k8s.io"}]}) { userErrors { message } }
}`;
const asked = '/resources/configmaps/default/news?ns=default';

interface World extends Desk {
  readonly provider: LoginProvider;
  /** A page of a browser that nobody has signed in with. */
  readonly stranger: Page;
  write(text: string): Promise<unknown>;
}

/** A product whose people sign in by an OpenID provider. */
async function start(context: Parameters<typeof openDesk>[0]): Promise<World> {
  const provider = await loginProvider();
  const oidc = {
    issuer: provider.issuer,
    audiences: ['datum'],
    usernamePrefix: 'oidc:',
    // Tokens end at once when they end, so that a test sees it.
    clockSkewSecs: 0,
    consoleLogin: { clientId: 'datum', name: 'Acme' },
  };
  const desk = await openDesk(context, {
    env: { DATUM_ROLES: 'gateway,subgraph,kubernetes', DATUM_OIDC: JSON.stringify([oidc]) },
  });
  const { ready } = desk.product;
  await ask(ready, bind);
  const write = async (text: string): Promise<unknown> => ask(ready, put, { data: { text } });
  const stranger = await (await desk.newContext()).newPage();
  return { ...desk, provider, stranger, write };
}

const tokenIn = async (page: Page): Promise<string> =>
  page.evaluate<string>(`JSON.parse(sessionStorage.getItem('datum-login') ?? '{}').token ?? ''`);

const stateOf = (url: URL): string => url.searchParams.get('state') ?? '';

function otherNonce(url: URL): URL {
  url.searchParams.set('nonce', 'of-another');
  return url;
}

it('somebody signs in by a provider, stays in while tokens end, and signs out everywhere', async (context) => {
  const world = await start(context);
  const { product, provider, stranger: page, write } = world;
  await write('before');
  await page.goto(new URL(asked, product.ready.console ?? '').href);
  const go = page.getByRole('button', { name: 'Continue with Acme' });
  await go.waitFor();
  await lookAt(page, 'sign-in-provider');
  await go.click();
  // Back on the page that was asked for, and nothing of the login is in its address or in the history of the tab.
  await page.getByText('before').waitFor();
  expect(page.url()).toBe(new URL(asked, product.ready.console ?? '').href);
  await page.getByRole('button', { name: 'Account oidc:ann' }).waitFor();
  const first = await tokenIn(page);
  expect(await page.evaluate<number>('localStorage.length'), 'nothing outlives the tab').toBe(0);
  expect(await page.evaluate<string>('document.cookie')).toBe('');

  // The server takes a token no longer than it counts: the watch goes on with the next one, and nobody is asked.
  await eventually(
    () => tokenIn(page),
    (token) => token !== first,
    300_000,
  );
  expect(provider.given).toMatchObject({ codes: 1 });
  await write('afterwards');
  await page.getByText('afterwards').waitFor();
  expect(page.url()).toBe(new URL(asked, product.ready.console ?? '').href);
  await page.reload();
  await page.getByText('afterwards').waitFor();
  expect(provider.given.codes, 'a reload signs nobody out').toBe(1);

  await page.getByRole('button', { name: 'Account oidc:ann' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await go.waitFor();
  expect(await tokenIn(page)).toBe('');
  expect(new URL(page.url()).origin).toBe(new URL(product.ready.console ?? '').origin);
  expectNoComplaints(world);
}, 1_800_000);

it('what ends, and what was not asked for, is said', async (context) => {
  const world = await start(context);
  const { product, provider, stranger: page, write } = world;
  const at = (path: string): string => new URL(path, product.ready.console ?? '').href;
  await write('still here');
  // Somebody else's answer signs nobody in.
  await page.goto(at('/signed-in?code=stolen&state=guessed'));
  await page.getByText('This is not the answer to a sign-in that was begun in this tab.').waitFor();
  expect(await tokenIn(page)).toBe('');
  // Nor does an answer to what was asked here that is not the right one.
  const wrong: readonly (readonly [says: string, change: (asked: URL) => URL])[] = [
    ['This is not the answer', () => new URL(at('/signed-in?code=stolen&state=guessed'))],
    ['answered for', (url) => new URL(at(`/signed-in?code=stolen&iss=https://evil&state=${stateOf(url)}`))],
    ['did not sign you in: no', (url) => new URL(at(`/signed-in?error=no&state=${stateOf(url)}`))],
    ['the token of another sign-in', otherNonce],
  ];
  for (const [says, change] of wrong) {
    await page.route(
      (url) => url.origin === provider.issuer && url.searchParams.has('nonce'),
      async (route) =>
        route.fulfill({ status: 303, headers: { location: change(new URL(route.request().url())).href } }),
      { times: 1 },
    );
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Continue with Acme' }).click();
    await page.getByText(says).waitFor();
    expect(await tokenIn(page)).toBe('');
  }
  await page.getByRole('link', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Continue with Acme' }).click();
  await page.getByRole('button', { name: 'Account oidc:ann' }).waitFor();
  await page.goto(at(asked));
  await page.getByText('still here').waitFor();

  // A tab that was duplicated has what renews the token, too: that must not be used twice, or all of it is taken back.
  const stored = await page.evaluate<string>(`sessionStorage.getItem('datum-login')`);
  const copy = await page.context().newPage();
  await copy.addInitScript(
    `if (location.origin !== 'null') sessionStorage.getItem('copied') ?? (sessionStorage.setItem('copied', '1'), sessionStorage.setItem('datum-login', ${JSON.stringify(stored)}))`,
  );
  await copy.goto(at(asked));
  const ended = (tab: Page) => tab.getByText('Your sign-in has ended.');
  const out = await Promise.race(
    [page, copy].map(async (tab) => (await ended(tab).waitFor({ timeout: 300_000 }), tab)),
  );
  const other = out === page ? copy : page;
  const before = await tokenIn(other);
  await eventually(
    () => tokenIn(other),
    (token) => token !== before,
    300_000,
  );

  await provider.withdraw();
  await ended(other).waitFor({ timeout: 300_000 });
  // Signing in again leads to where one was.
  await other.getByRole('button', { name: 'Continue with Acme' }).click();
  await other.getByText('still here').waitFor();
  expect(other.url()).toBe(at(asked));
  expectNoComplaints(world);
}, 1_800_000);

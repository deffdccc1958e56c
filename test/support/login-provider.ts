import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

/** An OpenID provider for programs and pages on a person's machine, where everybody who comes is `ann`. */
export interface LoginProvider {
  readonly issuer: string;
  /** How often it gave tokens for a code, and how often for what renews them. */
  readonly given: { readonly codes: number; readonly renewals: number };
  /** Takes back all that was granted, so that nothing is renewed any more. */
  withdraw(): Promise<void>;
  /** Goes to an address as a browser does, forms included, and answers the last page. */
  browse(url: string): Promise<string>;
}

const user = 'ann';
/** Tokens count so short that they are about to end at once, in seconds. */
const tokenLifeSecs = 20;

/** Starts a real OpenID provider (oidc-provider), stopped when the running test ends. */
export async function loginProvider(): Promise<LoginProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => {};
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'datum',
        application_type: 'native',
        // Of the command line and of the console, at any port.
        redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/signed-in'],
        post_logout_redirect_uris: ['http://127.0.0.1/'],
        token_endpoint_auth_method: 'none',
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      },
    ],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, { uid }) => `/login/${uid}` },
    features: { devInteractions: { enabled: false }, deviceFlow: { enabled: true }, revocation: { enabled: true } },
    clientBasedCORS: (_, origin) => origin.startsWith('http://127.0.0.1:'),
    ttl: { IdToken: tokenLifeSecs, AccessToken: tokenLifeSecs },
    cookies: { keys: ['a key of cookies'] },
  });
  const callback = provider.callback();
  handle = (request, response) =>
    request.url?.startsWith('/login/') ? void interact(provider, request, response) : callback(request, response);
  const given = { codes: 0, renewals: 0 };
  const grants = new Set<{ destroy(): Promise<unknown> }>();
  provider.on('grant.success', ({ oidc }) => {
    if (oidc.params?.['grant_type'] === 'refresh_token') given.renewals += 1;
    else given.codes += 1;
    if (oidc.entities.Grant !== undefined) grants.add(oidc.entities.Grant);
  });
  return {
    issuer,
    browse,
    given,
    async withdraw() {
      await Promise.all([...grants].map(async (grant) => grant.destroy()));
    },
  };
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params, prompt } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: user, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  const result =
    prompt.name === 'login' ? { login: { accountId: user } } : { consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

async function browse(start: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  for (;;) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    const page = await response.text();
    form = next === null ? formOf(page) : undefined;
    if (next === null && form === undefined) return page;
    const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1];
    url = new URL(next ?? action ?? '', url).href;
  }
}

/** What a page asks for, filled in: its hidden fields, with consent. */
function formOf(page: string): URLSearchParams | undefined {
  if (!page.includes('<form')) return undefined;
  const fields = [...page.matchAll(/<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)];
  return new URLSearchParams([...fields.map(([, name = '', value = '']) => [name, value]), ['confirm', 'yes']]);
}

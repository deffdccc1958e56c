import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../cli-error.ts';
import { postForm, type Provider, type Tokens } from './oidc.ts';

export interface BrowserLogin {
  readonly provider: Provider;
  readonly clientId: string;
  readonly scope: string;
  readonly audience: string | undefined;
  /** Of this machine; 0 takes a free one. */
  readonly port: number;
  /** Shows the address to a person, or opens it. */
  readonly show: (url: string) => void;
  readonly timeoutMs: number;
}

const page = (text: string): string => `<!doctype html><meta charset="utf-8"><title>datum</title><p>${text}</p>`;

/** Logs in by a browser on this machine: authorisation code with PKCE, whose answer comes to a port of this machine. */
export async function logInByBrowser({
  audience,
  clientId,
  port,
  provider,
  scope,
  show,
  timeoutMs,
}: BrowserLogin): Promise<Tokens> {
  const verifier = randomText(48);
  const state = randomText(24);
  const { promise: answered, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== '/callback') return response.writeHead(404).end();
    const { code, error, error_description: description, state: given } = Object.fromEntries(url.searchParams);
    // What does not know the state does not come from the page that was opened.
    if (given !== state)
      return response.writeHead(400, html).end(page('This is not the answer to the login that runs.'));
    response.writeHead(code === undefined ? 400 : 200, { ...html, connection: 'close' });
    response.end(page(code === undefined ? 'You are not logged in.' : 'You are logged in, and may close this page.'));
    if (code === undefined) return reject(new CliError(`not logged in: ${description ?? error ?? 'no answer'}`));
    return resolve(code);
  });
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, '127.0.0.1', listening));
  const timer = setTimeout(() => reject(new CliError(`nobody logged in within ${timeoutMs / 1_000} s`)), timeoutMs);
  try {
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const url = new URL(provider.authorization_endpoint);
    const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...(audience === undefined ? {} : { resource: audience }),
      // Without it a provider need not give what renews a token.
      ...(scope.split(' ').includes('offline_access') ? { prompt: 'consent' } : {}),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    show(url.href);
    return await postForm<Tokens>(provider.token_endpoint, {
      grant_type: 'authorization_code',
      code: await answered,
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: verifier,
      resource: audience,
    });
  } finally {
    clearTimeout(timer);
    server.close();
    server.closeAllConnections();
  }
}

const html = { 'content-type': 'text/html; charset=utf-8' };

/** Opens an address in the person's browser, where there is one. */
export function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(command ?? '', [...args, url], { stdio: 'ignore', detached: true });
  // Without a browser the person opens the address that was printed.
  child.on('error', () => {});
  child.unref();
}

function randomText(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function base64url(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes as Uint8Array).toString('base64url');
}

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BegunLogin, beginLogin, exchangeCode } from '../../oidc/authorization-code.ts';
import type { Provider, Tokens } from '../../oidc/provider.ts';
import { CliError } from '../cli-error.ts';

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
  let begun: BegunLogin | undefined;
  const { promise: answered, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== '/callback') return response.writeHead(404).end();
    const { code, error, error_description: description, state: given } = Object.fromEntries(url.searchParams);
    // What does not know the state does not come from the page that was opened.
    if (begun === undefined || given !== begun.state)
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
    const login = await beginLogin(provider, { clientId, redirectUri, audience, scope });
    begun = login.begun;
    show(login.url);
    return await exchangeCode(provider, login.begun, await answered);
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

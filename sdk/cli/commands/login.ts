import { text } from 'node:stream/consumers';
import { createDatum } from '../../client/create-datum.ts';
import { CliError } from '../cli-error.ts';
import { logInByBrowser, openBrowser } from '../connection/browser-login.ts';
import { type Login, writeConfig } from '../connection/config-file.ts';
import { logInByDevice } from '../connection/device-login.ts';
import { discoverProvider } from '../../oidc/provider.ts';
import { loginOf } from '../connection/token-source.ts';
import { type Command, type CommandContext, readArgs } from '../options.ts';

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const options = {
  url: string,
  project: { ...string, short: 'p' },
  issuer: string,
  'client-id': string,
  scope: string,
  audience: string,
  'access-token': boolean,
  device: boolean,
  'no-browser': boolean,
  port: string,
} as const;

const defaultScope = 'openid profile email offline_access';
const browserTimeoutMs = 5 * 60_000;

type Values = ReturnType<typeof readArgs<typeof options>>['values'];

/** `datum login`: remembers where the product is and who one is, once the product has said that it knows one. */
export const login: Command = {
  summary: 'remember a product, and who you are there',
  usage: `datum login --url URL [--project NAME]             takes the token from standard input
       datum login --url URL --issuer URL --client-id ID [--device] [--no-browser] [--port PORT]
                   [--scope SCOPES] [--audience URL] [--access-token]`,
  options,
  async run(context) {
    const { values } = readArgs(context, { options, usage: login.usage });
    const { project, url } = values;
    if (url === undefined || !/^https?:\/\//.test(url))
      throw new CliError(`where? --url https://…/graphql\nUsage: ${login.usage}`);
    const who = values.issuer === undefined ? await byToken(context) : await byProvider(context, values, values.issuer);
    const client = createDatum({ url, token: who.token, ...(project === undefined ? {} : { project }) });
    const { viewer } = await client.execute<{ viewer: { user: string; project: string } }>(
      '{ viewer { user project } }',
      undefined,
      {
        signal: context.signal,
      },
    );
    writeConfig(context.environment.configFile, { url, project, login: who });
    context.tell(`${viewer.user} is logged in at ${url}, project ${viewer.project}`);
    return 0;
  },
};

/** Not among the arguments, which everybody on the machine sees. */
async function byToken({ environment, tell }: CommandContext): Promise<Login> {
  if (environment.token !== undefined) return { type: 'token', token: environment.token };
  if (process.stdin.isTTY) tell('Token, then Ctrl-D:');
  const token = (await text(process.stdin)).trim();
  if (token === '') throw new CliError('no token: give it on standard input, or name an OpenID provider by --issuer');
  return { type: 'token', token };
}

async function byProvider({ tell }: CommandContext, values: Values, issuer: string): Promise<Login> {
  const { audience, 'client-id': clientId, scope = defaultScope } = values;
  if (clientId === undefined) throw new CliError('--issuer needs --client-id');
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CliError(`--port ${values.port} is no port`);
  const provider = await discoverProvider(issuer);
  const use = values['access-token'] === true ? 'access_token' : 'id_token';
  const tokens =
    values.device === true
      ? await logInByDevice({
          audience,
          clientId,
          provider,
          scope,
          show: (url, code) => tell(`Open ${url} and give the code ${code}`),
        })
      : await logInByBrowser({
          audience,
          clientId,
          provider,
          scope,
          port,
          timeoutMs: browserTimeoutMs,
          show(url) {
            tell(`Log in at ${url}`);
            if (values['no-browser'] !== true) openBrowser(url);
          },
        });
  return loginOf({ issuer, clientId, use }, tokens);
}

import { CliError } from '../cli-error.ts';
import { readConfig } from '../connection/config-file.ts';
import { currentToken } from '../connection/token-source.ts';
import { type Command, readArgs } from '../options.ts';

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** `datum token`: the token as kubectl asks for it, renewed where it is about to end. */
export const token: Command = {
  summary: 'print the token as an ExecCredential, for kubectl',
  usage: 'datum token',
  options: {},
  async run(context) {
    const { environment, print } = context;
    readArgs(context, { options: {}, usage: token.usage });
    const config = readConfig(environment.configFile);
    if (environment.token === undefined && config === undefined) throw new CliError('nobody is logged in: datum login');
    const { expiresAtMs, token: value } =
      environment.token === undefined && config !== undefined
        ? await currentToken(environment.configFile, config.login, false)
        : { token: environment.token, expiresAtMs: undefined };
    const status = {
      token: value,
      // Without fractions of seconds, as kubectl reads it.
      ...(expiresAtMs === undefined
        ? {}
        : { expirationTimestamp: new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z') }),
    };
    const apiVersion = versionFor(environment.execInfo);
    print(JSON.stringify({ apiVersion, kind: 'ExecCredential', status }, undefined, 2));
    return 0;
  },
};

/** The version in which kubectl wants its answer: those before 1.22 know the beta alone. Throws for one that we do not know. */
function versionFor(execInfo: string | undefined): string {
  const [newest = ''] = versions;
  if (execInfo === undefined) return newest;
  const asked = versionIn(execInfo);
  const version = versions.find((known) => known === asked);
  if (version === undefined)
    throw new CliError(`KUBERNETES_EXEC_INFO must be an ExecCredential of ${versions.join(' or ')}`);
  return version;
}

function versionIn(execInfo: string): unknown {
  try {
    return (JSON.parse(execInfo) as { readonly apiVersion?: unknown } | null)?.apiVersion;
  } catch {
    return undefined;
  }
}

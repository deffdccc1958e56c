import { CliError } from '../cli-error.ts';
import { readConfig } from '../connection/config-file.ts';
import { currentToken } from '../connection/token-source.ts';
import { type Command, readArgs } from '../options.ts';

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
    print(
      JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }, undefined, 2),
    );
    return 0;
  },
};

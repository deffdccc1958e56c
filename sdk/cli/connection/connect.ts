import { createDatum, type Datum } from '../../client/create-datum.ts';
import { CliError } from '../cli-error.ts';
import type { Environment } from '../environment.ts';
import { readConfig } from './config-file.ts';
import { tokenSource } from './token-source.ts';

/** A client for the product that the environment names, else for that of the last login. Throws CliError for neither. */
export function connect(
  { configFile, project, token, url }: Environment,
  overrides: { readonly project?: string | undefined } = {},
): Datum {
  const config = readConfig(configFile);
  const at = url ?? config?.url;
  if (at === undefined) throw new CliError('which product? Log in: datum login --url https://…/graphql');
  const who =
    token ??
    (config === undefined || (url !== undefined && url !== config.url)
      ? undefined
      : tokenSource(configFile, config.login));
  if (who === undefined) throw new CliError(`who are you at ${at}? Log in, or set DATUM_TOKEN`);
  const name = overrides.project ?? project ?? config?.project;
  return createDatum({ url: at, token: who, fieldManager: 'datum', ...(name === undefined ? {} : { project: name }) });
}

import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the command line takes from its environment. */
export interface Environment {
  readonly configFile: string;
  /** `DATUM_URL`, `DATUM_TOKEN` and `DATUM_PROJECT` go before what `datum login` wrote. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly project: string | undefined;
  /** What kubectl says to the plug-in that it asks for a credential: an ExecCredential as JSON. */
  readonly execInfo: string | undefined;
}

/** Reads the environment; nothing else of the command line does. */
export function readEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  const folder = from['XDG_CONFIG_HOME'] || join(from['HOME'] || homedir(), '.config');
  return {
    configFile: from['DATUM_CONFIG'] || join(folder, 'datum', 'config.json'),
    url: from['DATUM_URL'] || undefined,
    token: from['DATUM_TOKEN'] || undefined,
    project: from['DATUM_PROJECT'] || undefined,
    execInfo: from['KUBERNETES_EXEC_INFO'] || undefined,
  };
}

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Pool } from 'pg';
import { countCall } from '../telemetry/cloud-calls.ts';
import { createCloudBudgets } from '../store/cloud-budgets.ts';
import { createGcpClient, type GcpClient, type GcpClientOptions } from '../workers/clouds/gcp/client.ts';
import { actingIn, createCredentials } from '../workers/clouds/gcp/credentials/credentials.ts';
import { CredentialsError, readChain, readCredentials } from '../workers/clouds/gcp/credentials/source.ts';
import { defaultLimits, noLimits } from '../workers/clouds/gcp/limits.ts';
import { fetchSubject } from './fetch-subject.ts';
import { StartError } from './start-error.ts';

/** After an emulator has said that it is asked too often, it is left alone until such a window ends, in ms. */
const emulatorWindowMs = 2000;
/** Calls that an emulator does not answer are held back for this part of what is right for Google. */
const emulatorPatience = 0.01;

type Settings = Pick<Config, 'DATUM_GCP_CREDENTIALS' | 'DATUM_GCP_IMPERSONATE'>;

/** Google itself, or what stands for it at `endpoint`. Throws StartError for credentials that cannot be used. */
export function openGcp(config: Settings, endpoint: string | undefined, pool: Pool): GcpClient {
  const isGoogle = endpoint === undefined || new URL(endpoint).hostname.endsWith('.googleapis.com');
  const origin = isGoogle ? undefined : endpoint;
  const credentials = credentialsOf(config, origin);
  return createGcpClient({
    onCall: ({ method, status, code, durationMs }) => countCall('gcp', method, code ?? String(status), durationMs),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...credentials,
    // The budgets, and the minute in which they refill, are Google's; an emulator has none.
    ...(isGoogle
      ? { limits: defaultLimits, budgets: createCloudBudgets(pool), breaker: {} }
      : { limits: noLimits, limitWindowMs: emulatorWindowMs, breaker: { patience: emulatorPatience } }),
  });
}

function credentialsOf(
  { DATUM_GCP_CREDENTIALS: from, DATUM_GCP_IMPERSONATE: byAccount }: Settings,
  origin: string | undefined,
): Pick<GcpClientOptions, 'credentials' | 'identity'> {
  if (from === undefined) return {};
  try {
    const chains = Object.entries(byAccount).map(([account, chain]) => [account, readChain(chain)] as const);
    const given =
      from === 'metadata'
        ? { source: { kind: 'metadata' as const }, chain: [] }
        : readCredentials(JSON.parse(readFileSync(from === 'default' ? defaultFile() : from, 'utf8')));
    const options = { ...given, byAccount: Object.fromEntries(chains) };
    return {
      credentials: createCredentials({ ...options, fetchSubject, ...(origin === undefined ? {} : { origin }) }),
      identity: (account) => actingIn(options, account),
    };
  } catch (error) {
    // What JSON.parse says quotes what it read.
    const reason = error instanceof SyntaxError ? 'no JSON' : (error as Error).message;
    const setting =
      error instanceof CredentialsError ? 'DATUM_GCP_CREDENTIALS or DATUM_GCP_IMPERSONATE' : 'DATUM_GCP_CREDENTIALS';
    throw new StartError(`${setting}: ${reason}`);
  }
}

/** Where Google's own tools keep what one has logged in with. */
function defaultFile(): string {
  return join(homedir(), '.config', 'gcloud', 'application_default_credentials.json');
}

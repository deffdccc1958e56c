import { isIPv4, isIPv6 } from 'node:net';
import type { Config } from '../config.ts';
import { StartError } from './start-error.ts';

/** Whether only programs of this machine reach an address. */
function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIPv4(host) ? host.startsWith('127.') : isIPv6(host) && /^::ffff:127\./i.test(host);
}

interface Exposure {
  readonly what: string;
  readonly host: string;
  /** What makes it safe instead. */
  readonly instead: string;
  /** The setting that says that it is meant. */
  readonly setting: 'DATUM_INSECURE_HTTP' | 'DATUM_INSECURE_EMULATOR';
}

/** What others can reach without protection, as the configuration has it. */
function exposures(config: Config): readonly Exposure[] {
  const { DATUM_HOST: host, DATUM_GCP_HOST: gcpHost, DATUM_ROLES: roles } = config;
  const hasTls = config.DATUM_TLS_CERT !== undefined && config.DATUM_TLS_KEY !== undefined;
  const speaksHttp = roles.includes('gateway') || roles.includes('subgraph');
  const emulates = roles.includes('emulator') && config.DATUM_GCP_ENDPOINT === undefined;
  return [
    ...(speaksHttp && !hasTls && !isLoopback(host)
      ? [
          {
            what: 'GraphQL without TLS',
            host,
            instead: 'DATUM_TLS_CERT and DATUM_TLS_KEY',
            setting: 'DATUM_INSECURE_HTTP',
          } as const,
        ]
      : []),
    ...(emulates && !isLoopback(gcpHost)
      ? [
          {
            what: 'the GCP emulator, which asks nobody who they are,',
            host: gcpHost,
            instead: 'DATUM_GCP_HOST=127.0.0.1',
            setting: 'DATUM_INSECURE_EMULATOR',
          } as const,
        ]
      : []),
  ];
}

/** Throws StartError where others could reach what is not protected, unless a setting says that this is meant. */
export function refuseExposure(config: Config): void {
  const refused = exposures(config).find(({ setting }) => !config[setting]);
  if (refused === undefined) return;
  const { what, host, instead, setting } = refused;
  throw new StartError(`${what} would listen on ${host}; set ${instead}, or ${setting}=1 if that is meant`);
}

/** One line for each thing that others can reach without protection, since a setting says so. */
export function dangersOf(config: Config): readonly string[] {
  return exposures(config).map(({ what, host, setting }) => `Warning: ${what} listens on ${host} (${setting}=1)`);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Authentication } from '../access/open-authentication.ts';
import { actAsBy } from '../access/act-as.ts';
import type { Authority, OnDenied } from '../access/authorise.ts';
import type { OnUnknown } from '../access/note-denied.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import type { EnterProject } from '../access/projects/projects.ts';
import { areas, type Config, type Role } from '../config.ts';
import type { Registry } from '../kinds/registry.ts';
import { createCloudResources } from '../store/cloud-resources.ts';
import type { ReadConsole } from '../store/machine-console.ts';
import type { OpenStore } from '../store/store.ts';
import type { GcpClient } from '../workers/clouds/gcp/client.ts';
import type { TlsKeys } from '../kubernetes/http/server.ts';
import type { KeyedCertificate } from './certificates.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import type { Ready } from './ready-file.ts';
import { StartError } from './start-error.ts';

/** What the roles are made of. */
export interface RoleParts {
  readonly config: Config;
  readonly roles: ReadonlySet<Role>;
  readonly logger: Logger;
  readonly open: OpenStore;
  /** Postgres URL. */
  readonly url: string;
  readonly registry: Registry;
  readonly authentication: Authentication;
  readonly authority: Authority;
  readonly enterProject: EnterProject;
  /** Told of what was refused, for audit. */
  readonly onDenied: OnDenied;
  readonly onUnknown: OnUnknown;
  readonly limits: RequestLimits;
  /** Keys of the product, the newest first: by them its processes know each other. */
  readonly keys: readonly Buffer[];
  /** Admin token, for the kubeconfig. */
  readonly token: string;
  /** Aborts when this process begins to leave. */
  readonly leaving: AbortSignal;
  /** Folder for what the roles keep: the emulator's state, the adapter's keys. */
  readonly dataDir: string;
}

/** Where the roles of this process can be reached. */
export interface Served {
  readonly ready: Pick<Ready, 'graphql' | 'console' | 'kubernetes' | 'kubeconfig' | 'gcp' | 'gcpControl'>;
  /** URLs by name, where subgraphs listen on their own. */
  readonly subgraphs: ReadonlyMap<string, string>;
}

/**
 * Starts the roles in order of need: cloud, reconcilers, doors. What is not played is not even loaded. Each is handed to
 * `started`, which stops them in reverse.
 */
export async function startRoles(parts: RoleParts, started: AsyncDisposableStack): Promise<Served> {
  const emulator =
    parts.roles.has('emulator') && !usesGoogle(parts.config) ? await startEmulator(parts, started) : undefined;
  const keys = parts.roles.has('kubernetes') ? await adapterKeys(parts.config, parts.dataDir) : undefined;
  const readConsole = openConsoles(parts, started, emulator?.origin);
  if (parts.roles.has('worker') || parts.roles.has('dispatcher'))
    await startReconcilerRoles(parts, started, emulator?.origin, keys?.ca);
  const gateway = parts.roles.has('gateway')
    ? await startGatewayRole(parts, started, readConsole)
    : { graphql: null, console: null };
  const adapter =
    keys === undefined
      ? { kubernetes: null, kubeconfig: null }
      : await startKubernetesRole(parts, started, keys, readConsole);
  const subgraphs =
    parts.roles.has('subgraph') && gateway.graphql === null
      ? await startSubgraphRole(parts, started, readConsole)
      : new Map<string, string>();
  const cloud = { gcp: emulator?.origin ?? null, gcpControl: emulator?.controlOrigin ?? null };
  return { ready: { ...gateway, ...adapter, ...cloud }, subgraphs };
}

/** Begins to load what the roles need, so that it is there by the time Postgres is. A failure shows where it is used. */
export function preload(roles: ReadonlySet<Role>): void {
  const wanted = [
    ...(roles.has('gateway') ? [import('../gateway/start-gateway.ts'), import('../subgraphs/embedded.ts')] : []),
    ...(roles.has('kubernetes') ? [import('../kubernetes/start-kubernetes.ts'), import('./certificates.ts')] : []),
    ...(roles.has('worker') ? [import('./reconcilers.ts')] : []),
    ...(roles.has('emulator') ? [import('../emulators/gcp/start.ts')] : []),
  ];
  for (const module of wanted) void module.catch(() => {});
}

async function startEmulator(
  { config, dataDir }: RoleParts,
  started: AsyncDisposableStack,
): Promise<{ origin: string; controlOrigin: string } | undefined> {
  if (config.DATUM_GCP_ENDPOINT !== undefined) return undefined;
  const { startGcpEmulator } = await import('../emulators/gcp/start.ts');
  const emulator = await listening('DATUM_GCP_PORT or DATUM_GCP_CONTROL_PORT', () =>
    startGcpEmulator({
      host: config.DATUM_GCP_HOST,
      port: config.DATUM_GCP_PORT,
      controlPort: config.DATUM_GCP_CONTROL_PORT,
      dataDir: `${dataDir}/gcp`,
      latency: config.DATUM_GCP_LATENCY,
      check: config.DATUM_GCP_CHECK,
    }),
  );
  started.defer(() => emulator.close());
  return emulator;
}

/** Whether the provider works in Google Cloud itself; nobody needs an emulator then. */
function usesGoogle({
  DATUM_GCP_ENDPOINT: endpoint,
  DATUM_GCP_CREDENTIALS: credentials,
}: RoleParts['config']): boolean {
  return endpoint === undefined && credentials !== undefined;
}

/** What doors read consoles of machines with; undefined where this process has no door, or does not know where the cloud is. */
function openConsoles(
  { config, roles, open }: RoleParts,
  started: AsyncDisposableStack,
  emulator: string | undefined,
): ReadConsole | undefined {
  const endpoint = config.DATUM_GCP_ENDPOINT ?? emulator;
  const hasDoor = roles.has('gateway') || roles.has('subgraph') || roles.has('kubernetes');
  if (!hasDoor || (endpoint === undefined && !usesGoogle(config))) return undefined;
  let client: GcpClient | undefined;
  started.defer(() => client?.close());
  // Most processes never read one, and Google's client takes a while to load.
  const load = async (): Promise<ReadConsole> => {
    const { createConsoleReader } = await import('../workers/gcp-instance/read-console.ts');
    const { openGcp } = await import('./gcp-client.ts');
    const gcp = (client = openGcp(config, endpoint, open.pool));
    return createConsoleReader({ cloudResources: createCloudResources(open.pool), gcp });
  };
  let reader: Promise<ReadConsole> | undefined;
  return async (...asked) => (await (reader ??= load()))(...asked);
}

async function startReconcilerRoles(
  parts: RoleParts,
  started: AsyncDisposableStack,
  emulator: string | undefined,
  apiAuthority: string | undefined,
): Promise<void> {
  const gcpEndpoint = parts.config.DATUM_GCP_ENDPOINT ?? emulator;
  if (parts.roles.has('worker') && gcpEndpoint === undefined && !usesGoogle(parts.config)) {
    throw new StartError(
      'the role worker needs the role emulator in the same process, DATUM_GCP_ENDPOINT, or DATUM_GCP_CREDENTIALS',
    );
  }
  const { startReconcilers } = await import('./reconcilers.ts');
  const signKey = parts.authentication.serviceAccounts.keyFor;
  await startReconcilers({ ...parts, gcpEndpoint, signKey, apiAuthority }, started);
}

async function startGatewayRole(
  parts: RoleParts,
  started: AsyncDisposableStack,
  readConsole: ReadConsole | undefined,
): Promise<Pick<Ready, 'graphql' | 'console'>> {
  const { config, roles, logger, open, registry, authentication, authority, enterProject } = parts;
  const { authenticate } = authentication;
  const { startGateway } = await import('../gateway/start-gateway.ts');
  const gateway = await listening('DATUM_PORT', async () =>
    startGateway({
      host: config.DATUM_HOST,
      port: config.DATUM_PORT,
      authenticate,
      enterProject,
      actAs: actAsBy(authority, parts.onDenied),
      onUnknown: parts.onUnknown,
      ...(roles.has('subgraph')
        ? (await import('../subgraphs/embedded.ts')).embeddedSubgraphs({
            store: open.store,
            audit: open.audit,
            inventory: open.inventory,
            readConsole,
            serviceAccounts: authentication.serviceAccounts,
            registry,
            authority,
            onDenied: parts.onDenied,
            log: logger,
          })
        : { subgraphs: remoteSubgraphs(config) }),
      log: logger,
      notReady: () => open.health()?.message,
      leaving: parts.leaving,
      introspection: config.DATUM_INTROSPECTION,
      limits: parts.limits,
      keys: parts.keys,
      tls: tlsFiles(config),
      allowedOrigins: config.DATUM_ALLOWED_ORIGINS,
      consoleLogins: config.DATUM_OIDC.flatMap(({ consoleLogin }) => consoleLogin ?? []),
      consoleFolder: config.DATUM_CONSOLE ? join(import.meta.dirname, '..', 'console', 'dist') : undefined,
    }),
  );
  started.defer(() => gateway.close());
  return { graphql: gateway.url, console: gateway.consoleUrl ?? null };
}

async function startKubernetesRole(
  parts: RoleParts,
  started: AsyncDisposableStack,
  { tls, ca, admin }: AdapterKeys,
  readConsole: ReadConsole | undefined,
): Promise<{ kubernetes: string; kubeconfig: string }> {
  const { config, logger, open, registry, authentication, authority, enterProject, dataDir, token } = parts;
  const { authenticate } = authentication;
  const { startKubernetes } = await import('../kubernetes/start-kubernetes.ts');
  const adapter = await listening('DATUM_KUBERNETES_PORT', () =>
    startKubernetes({
      host: config.DATUM_HOST,
      port: config.DATUM_KUBERNETES_PORT,
      tls,
      authenticate,
      serviceAccounts: authentication.serviceAccounts,
      authority,
      enterProject,
      onDenied: parts.onDenied,
      onUnknown: parts.onUnknown,
      store: open.store,
      registry,
      readConsole,
      log: logger,
      notReady: () => open.health()?.message,
      leaving: parts.leaving,
      limits: parts.limits,
    }),
  );
  started.defer(() => adapter.close());
  return { kubernetes: adapter.url, kubeconfig: writeKubeconfig(dataDir, adapter.url, token, ca, admin) };
}

/** Keys of the adapter, and what its clients need to trust it. */
interface AdapterKeys {
  readonly tls: TlsKeys;
  readonly ca: string;
  readonly admin?: KeyedCertificate;
}

/** Keys of the adapter: those of the configuration, else the product's own, which are made on first use. */
async function adapterKeys(config: Config, dataDir: string): Promise<AdapterKeys> {
  const tls = tlsFiles(config);
  if (tls !== undefined) return { tls, ca: tls.cert };
  const { certificates } = await import('./certificates.ts');
  const { ca, server, admin } = await certificates(join(dataDir, 'tls'), config.DATUM_HOST);
  return { tls: { ...server, clientCa: ca, clientCaIsOwn: true }, ca, admin };
}

/** Certificate and key of the configuration. Throws StartError when they cannot be read. */
function tlsFiles(config: Config): TlsKeys | undefined {
  const { DATUM_TLS_CERT: cert, DATUM_TLS_KEY: key, DATUM_CLIENT_CA: clientCa } = config;
  if (cert === undefined || key === undefined) return undefined;
  const read = (file: string): string => readFileSync(file, 'utf8');
  try {
    return { cert: read(cert), key: read(key), ...(clientCa === undefined ? {} : { clientCa: read(clientCa) }) };
  } catch (error) {
    throw new StartError(`the certificate of DATUM_TLS_CERT cannot be read: ${(error as Error).message}`);
  }
}

function remoteSubgraphs(config: Config): ReadonlyMap<string, string> {
  const missing = areas.filter((area) => config.DATUM_SUBGRAPH_URLS?.[area] === undefined);
  if (missing.length > 0) {
    throw new StartError(
      `the role gateway needs the role subgraph in the same process, or ${missing.join(', ')} in DATUM_SUBGRAPH_URLS`,
    );
  }
  return new Map(Object.entries(config.DATUM_SUBGRAPH_URLS ?? {}));
}

async function startSubgraphRole(
  parts: RoleParts,
  started: AsyncDisposableStack,
  readConsole: ReadConsole | undefined,
): Promise<ReadonlyMap<string, string>> {
  const { config, logger, open, registry, authentication, authority } = parts;
  const { startSubgraphs } = await import('../subgraphs/start-subgraphs.ts');
  const { DATUM_HOST: host, DATUM_SUBGRAPH_PORT: port } = config;
  const running = await listening('DATUM_SUBGRAPH_PORT', () =>
    startSubgraphs({
      host,
      port,
      keys: parts.keys,
      limits: parts.limits,
      tls: tlsFiles(config),
      store: open.store,
      audit: open.audit,
      inventory: open.inventory,
      readConsole,
      serviceAccounts: authentication.serviceAccounts,
      registry,
      authority,
      onDenied: parts.onDenied,
      log: logger,
      notReady: () => open.health()?.message,
      leaving: parts.leaving,
    }),
  );
  started.defer(() => running.close());
  return running.urls;
}

/** Turns a port that is taken into one clear line. */
export async function listening<T>(setting: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const system = (error as Error).cause ?? error;
    const { code, port } = system as NodeJS.ErrnoException & { port?: number };
    if (code === 'EADDRINUSE') throw new StartError(`port ${port ?? '?'} is taken; choose another with ${setting}`);
    throw error;
  }
}

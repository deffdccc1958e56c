import { join } from 'node:path';
import type { Logger } from 'pino';
import { auditedTokens } from '../access/tokens/audited-tokens.ts';
import { openAuthentication } from '../access/open-authentication.ts';
import { openAuthority } from '../access/open-authority.ts';
import type { Config, Role } from '../config.ts';
import { builtInRegistry, type Registry } from '../kinds/registry.ts';
import { compact } from '../store/compact.ts';
import { retireDataKeys } from '../store/encryption/retire-data-keys.ts';
import { createRevocations } from '../store/credentials/revocations.ts';
import { credentialsIn } from '../store/credentials/credentials.ts';
import { migrate } from '../store/migrate.ts';
import { type OpenStore, openStore } from '../store/store.ts';
import { extendCatalog } from './catalog.ts';
import { refuseExposure } from './exposure.ts';
import { openLimits } from './limits.ts';
import { openAudit } from './audit.ts';
import { type DataDir, openDataDir } from './data-dir.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { keyProviders } from './key-providers.ts';
import { type Ready, removeReady, writeReady } from './ready-file.ts';
import { measureLimits, measureStore } from './measure.ts';
import { listening, preload, startRoles } from './roles.ts';
import { seed } from './seed.ts';
import { StartError } from './start-error.ts';
import { startTraces } from './traces.ts';

/** A running product, or the part of it that this process plays. */
export interface Product {
  readonly ready: Ready;
  /** URLs by name, where this process serves subgraphs to gateways elsewhere. */
  readonly subgraphs: ReadonlyMap<string, string>;
  readonly tokenFile: string;
  /** Resolves when the product cannot go on, such as without its Postgres. */
  readonly failure: Promise<StartError>;
  /** Begins to leave: serves on, while health checks and answers send everybody elsewhere. */
  leave(): void;
  /** Stops cleanly: takes nothing new, finishes what runs, closes what is open. */
  close(): Promise<void>;
}

const compactEveryMs = 60_000;
/** An external Postgres that cannot be read for this long is lost. */
const postgresPatienceMs = 30_000;

/** Starts the roles of the configuration, and stops what had started when one of them cannot. */
export async function startProduct(config: Config, logger: Logger): Promise<Product> {
  await using started = new AsyncDisposableStack();
  const failure = Promise.withResolvers<StartError>();
  const leaving = new AbortController();
  const dataDir = openDataDir(config.DATUM_DATA_DIR, config.DATABASE_URL === undefined);
  started.defer(() => dataDir.release());
  const roles = new Set<Role>(config.DATUM_ROLES);
  refuseExposure(config);
  startTraces(config, logger, started);
  extendCatalog(config);
  preload(roles);
  // A process that joins somebody else's product leaves that product's file alone.
  const announces = dataDir.owner === undefined;
  if (announces) {
    removeReady(dataDir.path);
    started.defer(() => removeReady(dataDir.path));
  }

  const embedded =
    config.DATABASE_URL === undefined ? await embeddedPostgres(dataDir, started, failure.resolve) : undefined;
  const url = embedded?.localUrl ?? config.DATABASE_URL ?? '';
  await migrate(url).catch((error: Error) => {
    throw new StartError(`the database cannot be used: ${error.message || String((error as { code?: string }).code)}`);
  });
  const registry = builtInRegistry();
  const keys = await keyProviders(config, dataDir);
  const onKeyError = (err: unknown): void => logger.warn({ err }, 'keys of secrets could not be read');
  const opened = await openStore({ url, findKind: registry.byId, keys, onKeyError }).catch((error: Error) => {
    throw new StartError(error.message);
  });
  started.defer(() => opened.close());
  await seed(opened.store, registry);
  const audit = openAudit(opened, { config, roles, logger, url, registry }, started);
  const { authority, enterProject, open, ...rules } = await openAuthority(
    audit.open,
    (err) => logger.warn({ err }, 'changes of access rules could not be read'),
    audit.onDenied,
  );
  started.defer(() => rules.close());

  const token = config.DATUM_TOKEN ?? dataDir.token();
  const { serviceAccounts, ...authenticated } = openAuthentication({
    ...credentialsIn(open.pool, open.box),
    store: open.store,
    adminToken: token,
    issuer: config.DATUM_ISSUER,
    oidc: config.DATUM_OIDC,
    log: logger,
  });
  started.defer(() => authenticated.close());
  const authentication = { ...authenticated, serviceAccounts: auditedTokens(serviceAccounts, audit.tellDone) };
  const limits = openLimits(config, opened.pool, logger, started);
  const served = await startRoles(
    {
      config,
      roles,
      logger,
      open,
      url,
      registry,
      authentication,
      authority,
      enterProject,
      onDenied: audit.onDenied,
      onUnknown: audit.onUnknown,
      limits,
      keys: [opened.box.hash('between processes of the product')],
      token,
      leaving: leaving.signal,
      dataDir: dataDir.path,
    },
    started,
  );
  keepHouse(config, roles, open, registry, logger, started);
  watchHealth(open, started, failure.resolve);
  measureStore(open.pool, started);
  measureLimits(limits, started);
  const metrics = await openMetrics(config, open, leaving.signal, started);

  const ready: Ready = {
    pid: process.pid,
    ...served.ready,
    metrics,
    database: embedded?.url ?? url,
    token,
  };
  if (announces) writeReady(dataDir.path, ready);
  const all = started.move();
  return {
    ready,
    subgraphs: served.subgraphs,
    tokenFile: join(dataDir.path, 'token'),
    failure: failure.promise,
    leave: () => leaving.abort(),
    close: () => all.disposeAsync(),
  };
}

async function embeddedPostgres(
  dataDir: DataDir,
  started: AsyncDisposableStack,
  fail: (error: StartError) => void,
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(join(dataDir.path, 'postgres')).catch((error: Error) => {
    throw new StartError(error.message);
  });
  started.defer(() => postgres.stop());
  postgres.onExit((message) => fail(new StartError(message)));
  return postgres;
}

/** Serves metrics and health where the configuration says; answers the origin. */
async function openMetrics(
  { DATUM_METRICS_HOST: host, DATUM_METRICS_PORT: port }: Config,
  open: OpenStore,
  leaving: AbortSignal,
  started: AsyncDisposableStack,
): Promise<string | null> {
  if (port === undefined) return null;
  const [{ startMetricsServer }, { measureNode }] = await Promise.all([
    import('./metrics-server.ts'),
    import('../telemetry/registry.ts'),
  ]);
  measureNode();
  const server = await listening('DATUM_METRICS_PORT', () =>
    startMetricsServer({ host, port, notReady: () => (leaving.aborted ? 'stopping' : open.health()?.message) }),
  );
  started.defer(() => server.close());
  return server.url;
}

/** Keeps change log, revocations and data keys bounded, from the processes that read all of it anyway. */
function keepHouse(
  config: Config,
  roles: ReadonlySet<Role>,
  open: OpenStore,
  registry: Registry,
  logger: Logger,
  started: AsyncDisposableStack,
): void {
  if (!roles.has('dispatcher')) return;
  const history = { keepMs: config.DATUM_HISTORY_HOURS * 3_600_000, maxRows: config.DATUM_HISTORY_ROWS };
  const revocations = createRevocations(open.pool);
  const timer = setInterval(() => {
    revocations
      .forgetEnded()
      .catch((error: unknown) => logger.warn({ err: error }, 'ended revocations could not be forgotten'));
    const sensitive = registry.all().flatMap((kind) => (kind.sensitive.length > 0 ? [kind.id] : []));
    retireDataKeys(open.pool, sensitive)
      .then((ids) => ids.length > 0 && logger.info({ keys: ids }, 'data keys of secrets were deleted'))
      .catch((error: unknown) => logger.warn({ err: error }, 'old data keys could not be deleted'));
    compact(open.pool, history).catch((error: unknown) =>
      logger.warn({ err: error }, 'the change log could not be compacted'),
    );
  }, compactEveryMs);
  started.defer(() => clearInterval(timer));
}

function watchHealth(open: OpenStore, started: AsyncDisposableStack, fail: (error: StartError) => void): void {
  let lostSince: number | undefined;
  const timer = setInterval(() => {
    const error = open.health();
    lostSince = error === undefined ? undefined : (lostSince ?? Date.now());
    if (lostSince !== undefined && Date.now() - lostSince > postgresPatienceMs)
      fail(new StartError(`Postgres is lost: ${error?.message}`));
  }, 1000);
  started.defer(() => clearInterval(timer));
}

import './feedback-at-once.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { traceOfLog } from '../telemetry/tracing/span.ts';
import { ownValue } from '../kinds/schema/json.ts';
import { StartError } from './start-error.ts';

/** A stop that takes longer is cut short, in ms; whoever leaves first has that time besides. */
const stopTimeoutMs = 20_000;

/** Says in one line why the product cannot run, and ends. */
function fail(error: unknown): never {
  const known = error instanceof StartError || error instanceof ConfigError;
  console.error(known ? `datum: ${error.message}` : error);
  process.exit(1);
}

/** What is done besides running the product; each is loaded when it is asked for. */
const commands = {
  token: async (args: readonly string[], settings: Config) =>
    (await import('./token-command.ts')).tokenCommand(args, settings),
  audit: async (args: readonly string[], settings: Config) =>
    (await import('./audit-command.ts')).auditCommand(args, settings),
  secrets: async (args: readonly string[], settings: Config) =>
    (await import('./secrets-command.ts')).secretsCommand(args, settings),
  backup: async (args: readonly string[], settings: Config) =>
    (await import('./backup-command.ts')).backupCommand(args, settings),
  restore: async (args: readonly string[], settings: Config) =>
    (await import('./restore-command.ts')).restoreCommand(args, settings),
};

const config = (() => {
  try {
    return readConfig();
  } catch (error) {
    return fail(error);
  }
})();
const [command, ...commandArguments] = process.argv.slice(2);
if (command !== undefined) {
  const run = ownValue(commands, command) as (typeof commands)[keyof typeof commands] | undefined;
  if (run === undefined) fail(new StartError(`no such command: ${command}`));
  await run(commandArguments, config).catch(fail);
  process.exit();
}

const logger = pino(
  {
    level: config.DATUM_LOG_LEVEL,
    base: { pid: process.pid },
    ...(config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? {} : { mixin: traceOfLog }),
  },
  pino.destination({ dest: 2, sync: false }),
);

// Only now: a command needs nothing of it.
const { startProduct } = await import('./product.ts');
const { dangersOf } = await import('./exposure.ts');
const { fromPostgres } = await import('../store/pg-errors.ts');
const product = await startProduct(config, logger).catch((error: unknown) => {
  const { code } = fromPostgres(error) as { code?: unknown };
  // Whoever runs it starts it again.
  fail(code === 'Unavailable' ? new StartError(`Postgres was lost: ${(error as Error).message}`) : error);
});
const { ready } = product;
for (const [what, where] of [
  ['Console', ready.console],
  ['GraphQL', ready.graphql],
  ['Kubernetes', ready.kubernetes],
  ['Kubeconfig', ready.kubeconfig],
  ['GCP emulator', ready.gcp],
  ['Metrics', ready.metrics],
  ...[...product.subgraphs].map(([name, url]) => [`Subgraph ${name}`, url] as const),
  ['Token', product.tokenFile],
] as const) {
  if (where !== null) console.log(`${what}: ${where}`);
}
for (const danger of dangersOf(config)) console.log(danger);
console.log('Ready.');

let stopping = false;
const impatient = new AbortController();

async function stop(): Promise<void> {
  // Whoever says it twice means at once.
  if (stopping) return impatient.abort();
  stopping = true;
  if (config.DATUM_DRAIN_SECONDS > 0) {
    product.leave();
    await sleep(config.DATUM_DRAIN_SECONDS * 1000, undefined, { signal: impatient.signal }).catch(() => {});
  }
  setTimeout(() => fail(new StartError(`did not stop within ${stopTimeoutMs / 1000} s`)), stopTimeoutMs - 500).unref();
  await product.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
void product.failure.then(async (error) => {
  if (stopping) return;
  stopping = true;
  console.error(`datum: ${error.message}`);
  setTimeout(() => process.exit(1), stopTimeoutMs / 2).unref();
  await product.close().catch(() => {});
  process.exit(1);
});

import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';

/** Roles that one process can play. */
const roles = ['gateway', 'subgraph', 'kubernetes', 'worker', 'dispatcher', 'emulator'] as const;
export type Role = (typeof roles)[number];

/** Subgraphs by name. */
export const areas = ['core', 'networking', 'compute'] as const;

const port = (standard: number) => z.coerce.number().int().min(0).max(65_535).default(standard);
const flag = z
  .enum(['0', '1', 'false', 'true'])
  .default('0')
  .transform((text) => text === '1' || text === 'true');
const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Name and value of a header that is given as `name=value`. A value that is not percent-encoded is taken as it is. */
function headerOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  const value = pair.slice(at + 1);
  try {
    return [pair.slice(0, at).trim(), decodeURIComponent(value)];
  } catch {
    return [pair.slice(0, at).trim(), value];
  }
}

const namePrefix = z.string().refine((prefix) => !prefix.startsWith('system:'), 'must not begin with system:');

/** How people sign in to the console by an OpenID provider. */
const consoleLogin = z.strictObject({
  clientId: z.string().min(1),
  name: z.string().min(1).max(60).optional(),
  scope: z.string().min(1).default('openid profile email offline_access'),
  use: z.enum(['id_token', 'access_token']).default('id_token'),
  audience: z.string().min(1).optional(),
  origins: z
    .array(
      z
        .url({ protocol: /^https?$/ })
        .refine(isSafe, 'must be https; http is for this machine alone')
        .transform((url) => new URL(url).origin),
    )
    .default([]),
});

/** An OpenID provider whose tokens are taken; docs/decisions/2026-11-23-authentication.md says what the fields mean. */
const oidcIssuer = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https?$/ })
      .refine(
        isSafe,
        'must be https, since whoever answers for it makes users of ours; http is for this machine alone',
      ),
    audiences: z.array(z.string().min(1)).min(1),
    usernameClaim: z.string().min(1).default('sub'),
    usernamePrefix: namePrefix.optional(),
    groupsClaim: z.string().min(1).optional(),
    groupsPrefix: namePrefix.optional(),
    requiredClaims: z.record(z.string().min(1), z.string()).default({}),
    extra: z
      .record(
        z
          .string()
          .regex(/^[a-z0-9]([-a-z0-9._/]*[a-z0-9])?$/, 'must be in lower case')
          .refine((name) => !name.includes('kubernetes.io'), 'must not be one of the names that the product gives'),
        z.string().min(1),
      )
      .default({}),
    clockSkewSecs: z.number().int().min(0).max(300).default(30),
    consoleLogin: consoleLogin.optional(),
  })
  .refine(
    ({ audiences, consoleLogin: login }) => login?.use !== 'id_token' || audiences.includes(login.clientId),
    'consoleLogin.clientId must be one of the audiences, since its id tokens are for it',
  )
  .transform((each) => ({
    ...each,
    consoleLogin: each.consoleLogin && {
      ...each.consoleLogin,
      issuer: each.issuer,
      name: each.consoleLogin.name ?? new URL(each.issuer).host,
    },
    usernamePrefix: each.usernamePrefix ?? `${each.issuer}#`,
    groupsPrefix: each.groupsPrefix ?? `${each.issuer}#`,
  }));

const oidcIssuers = z
  .array(oidcIssuer)
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'an issuer is listed twice');

const secretKeys = z
  .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes as base64'))
  .transform((keys) => keys.map((key) => Buffer.from(key, 'base64')));

/** Keys of a file, one a line. Adds a problem where it cannot be read. */
function readKeyFile(file: string | undefined, context: { addIssue(issue: string): void }): string[] {
  if (file === undefined) return [];
  try {
    const keys = readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
    if (keys.length === 0) context.addIssue('holds no key');
    return keys;
  } catch (error) {
    context.addIssue(`cannot be read: ${(error as Error).message}`);
    return z.NEVER;
  }
}

function isSafe(url: string): boolean {
  // What is no URL is reported as such.
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

const budget = z.strictObject({ perSecond: z.number().positive(), burst: z.number().min(1) });
const count = z.number().int().min(0).optional();
const identityLimits = z.strictObject({
  read: budget.optional(),
  write: budget.optional(),
  watch: budget.optional(),
  review: budget.optional(),
  requests: z.number().int().min(1).optional(),
  waiting: count,
  work: z.number().int().min(1).optional(),
  watchReads: z.number().int().min(1).optional(),
  watches: count,
  connections: count,
  waitingBytes: count,
});

/** Limits of requests; docs/decisions/2026-11-23-limits.md says what the fields mean. */
const limits = z.strictObject({
  server: z
    .strictObject({
      requests: z.number().int().min(1).optional(),
      work: z.number().int().min(1).optional(),
      watchReads: z.number().int().min(1).optional(),
      waitMs: z.number().int().min(1).optional(),
      watches: count,
      waitingBytes: count,
      connections: count,
      connectionsPerAddress: count,
      newConnections: budget.optional(),
      anonymous: budget.optional(),
    })
    .optional(),
  standard: identityLimits.optional(),
  masters: identityLimits.optional(),
  users: z.record(z.string().min(1), identityLimits).optional(),
});

const catalogName = z.string().regex(/^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/, 'must be like acme/large-4');
const machineType = z.string().regex(/^[a-z][-a-z0-9]{0,62}$/, "must be Google's name of a machine type");
const imageSource = z
  .string()
  .regex(
    /^projects\/[^/]+\/global\/images\/(family\/)?[^/]+$/,
    'must be projects/…/global/images/… or …/images/family/…',
  );

/** Instance types and images beside those that are known. */
const catalog = z.strictObject({
  instanceTypes: z
    .record(
      catalogName,
      z.strictObject({
        cpus: z.number().positive(),
        memoryGib: z.number().positive(),
        machineTypes: z.strictObject({ gcp: machineType }),
      }),
    )
    .default({}),
  images: z
    .record(
      catalogName,
      z.strictObject({ minDiskGib: z.number().int().min(10), sources: z.strictObject({ gcp: imageSource }) }),
    )
    .default({}),
});

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** The JSON of a setting that is given as it is or as the name of a file. Adds a problem where there is none. */
function readJson(text: string | undefined, context: { addIssue(issue: string): void }): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(/^\s*[[{]/.test(text) ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    context.addIssue(`no JSON: ${(error as Error).message}`);
    return z.NEVER;
  }
}

/** Every setting, by the name of its environment variable. */
const schema = z.object({
  DATUM_DATA_DIR: z
    .string()
    .min(1)
    .default('.datum')
    .describe('Data of the embedded product, relative to the folder of package.json'),
  DATUM_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that every server listens on, but for the emulator'),
  DATUM_PORT: port(4000).describe('GraphQL, at /graphql; 0 takes a free port'),
  DATUM_KUBERNETES_PORT: port(6443).describe('Kubernetes API'),
  DATUM_TLS_CERT: z
    .string()
    .min(1)
    .optional()
    .describe('Certificate of the Kubernetes API and of GraphQL, PEM file; unset: one is made, and GraphQL has none'),
  DATUM_TLS_KEY: z.string().min(1).optional().describe('Its key, PEM file'),
  DATUM_CLIENT_CA: z
    .string()
    .min(1)
    .optional()
    .describe('Authority of client certificates, PEM file; with DATUM_TLS_CERT'),
  DATUM_INSECURE_HTTP: flag.describe(
    '1: GraphQL and subgraphs may listen without TLS on an address that others reach, as behind a proxy that adds it',
  ),
  DATUM_ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.string().refine(isOrigin, 'must be an origin, such as https://console.example.com')))
    .describe('Comma list of origins whose pages may use GraphQL from a browser; unset: none but its own'),
  DATUM_LIMITS: z
    .string()
    .optional()
    .transform(readJson)
    .pipe(limits.optional())
    .describe('Limits of requests, watches and connections, in all and by identity: JSON, or a file that holds it'),
  DATUM_GCP_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that the emulator and its control API listen on; neither asks who calls'),
  DATUM_INSECURE_EMULATOR: flag.describe('1: the emulator may listen on an address that others reach'),
  DATUM_GCP_PORT: port(4010).describe('GCP emulator'),
  DATUM_GCP_CONTROL_PORT: port(4011).describe("GCP emulator's control API"),
  DATUM_SUBGRAPH_PORT: port(4020).describe('Subgraphs of a process that plays subgraph but not gateway'),
  DATABASE_URL: z.string().min(1).optional().describe('Postgres; unset: an embedded one in the data directory'),
  REDIS_URL: z.string().min(1).optional().describe('Redis or Valkey for the queues; unset: Postgres'),
  DATUM_GCP_ENDPOINT: z.url().optional().describe("Root URL of Google's APIs; unset: the emulator"),
  DATUM_GCP_CREDENTIALS: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Who the provider is to Google: a file of workload identity federation or of gcloud, `default` for that of gcloud, or `metadata` for the account of this machine. With it, and without DATUM_GCP_ENDPOINT, it works in Google Cloud itself',
    ),
  DATUM_GCP_IMPERSONATE: z
    .string()
    .optional()
    .transform(readJson)
    .pipe(z.record(z.string().min(1), z.array(z.string().min(1)).min(1).max(5)).default({}))
    .describe(
      'Service accounts that it acts as, by Google project: {"project": ["account"]}; those before the last lend it their rights',
    ),
  DATUM_GCP_ORPHANS: z
    .enum(['off', 'report', 'delete'])
    .default('report')
    .describe('What happens to machines and networks in the cloud that bear our marker and that nobody here knows of'),
  DATUM_GCP_LATENCY: z
    .enum(['none', 'short', 'real'])
    .default('short')
    .describe("How long the emulator's operations take"),
  DATUM_GCP_CHECK: flag.describe("1: check every answer of the emulator against Google's schema"),
  DATUM_ROLES: z
    .string()
    .optional()
    .transform((text) => (text === undefined ? [...roles] : list(text)))
    .pipe(z.array(z.enum(roles)).min(1))
    .describe('Comma list of roles; unset: all'),
  DATUM_SUBGRAPH_URLS: z
    .string()
    .optional()
    .transform((text) =>
      text === undefined ? undefined : Object.fromEntries(list(text).map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
    )
    .pipe(z.record(z.enum(areas), z.url()).optional())
    .describe('core=…,networking=…,compute=…: where a gateway finds its subgraphs; unset: in the same process'),
  DATUM_SECRET_KEY: z
    .string()
    .default('')
    .transform(list)
    .pipe(secretKeys)
    .describe(
      'Keys of secrets at rest, each 32 bytes as base64, comma list: the first encrypts, all decrypt; unset: a file in the data directory',
    ),
  DATUM_SECRET_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .transform(readKeyFile)
    .pipe(secretKeys)
    .describe('File of such keys, one a line; they come before those of DATUM_SECRET_KEY'),
  DATUM_KEY_PROVIDER: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Module that exports a keyProvider, such as of a key management service; its key comes before all others',
    ),
  DATUM_TOKEN: z.string().min(16).optional().describe('Admin token; unset: one is made and kept in the data directory'),
  DATUM_ISSUER: z
    .url()
    .default('https://datum.internal')
    .describe(
      'In whose name tokens of service accounts are signed: the public URL of the Kubernetes API, where others are to verify them',
    ),
  DATUM_OIDC: z
    .string()
    .optional()
    .transform(readJson)
    .pipe(oidcIssuers.default([]))
    .describe('OpenID providers whose tokens are taken: a JSON list, or a file that holds one'),
  DATUM_CATALOG: z
    .string()
    .optional()
    .transform(readJson)
    .pipe(catalog.optional())
    .describe('Instance types and images beside those that are known: JSON, or a file that holds it'),
  DATUM_LOCATION_CLASS: z
    .string()
    .default('self-managed')
    .describe('Class of the locations that this provider serves; empty: all'),
  DATUM_HISTORY_HOURS: z.coerce.number().positive().default(24).describe('How long changes stay in the log, in hours'),
  DATUM_HISTORY_ROWS: z.coerce.number().int().positive().default(500_000).describe('Most changes that stay in the log'),
  DATUM_AUDIT_DAYS: z.coerce.number().positive().default(365).describe('How long audit records are kept, in days'),
  DATUM_DRAIN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'How long a process that was told to stop serves on while /readyz says so, for load balancers to look elsewhere',
    ),
  DATUM_METRICS_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe(
      'Address that metrics and the health of every role are served on, without TLS and to everyone who reaches it',
    ),
  DATUM_METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port of /metrics, /livez and /readyz; 0 takes a free port; unset: there is none'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Collector of OpenTelemetry that traces are sent to (OTLP over HTTP, JSON); unset: nothing is traced'),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.string().regex(/^[!#$%&'*+.^`|~\w-]+=[\x20-\x7e]*$/, 'must be name=value')))
    .transform((pairs) => Object.fromEntries(pairs.map(headerOf)))
    .describe('Headers that it asks for, such as a key: a comma list of name=value, values percent-encoded'),
  OTEL_SERVICE_NAME: z.string().min(1).default('datum').describe('Name of the product in traces'),
  DATUM_TRACE_RATIO: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of requests that are traced, from 0 to 1; a client that sends traceparent decides for itself'),
  DATUM_CONSOLE: flag.default(true).describe('0: the web console is not served'),
  DATUM_INTROSPECTION: flag.default(true).describe('0: GraphQL introspection is refused'),
  DATUM_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

export type Environment = z.infer<typeof schema>;

/** Names of all settings. */
export const settingNames: ReadonlySet<string> = new Set(Object.keys(schema.shape));

/** The product's configuration. */
export interface Config extends Omit<Environment, 'DATUM_DATA_DIR'> {
  /** Absolute. */
  readonly DATUM_DATA_DIR: string;
}

/** A setting that cannot be used; the message names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the environment. Throws ConfigError. An empty variable counts as unset. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) {
    throw new ConfigError(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const { DATUM_DATA_DIR: folder, DATUM_OIDC: providers, DATUM_ISSUER: own } = result.data;
  if (providers.some(({ issuer }) => issuer === own))
    throw new ConfigError('DATUM_OIDC: names DATUM_ISSUER, whose tokens only the product itself makes');
  return { ...result.data, DATUM_DATA_DIR: isAbsolute(folder) ? folder : join(projectFolder(), folder) };
}

/** Folder of package.json. */
function projectFolder(): string {
  const folder = import.meta.dirname;
  if (!existsSync(join(folder, 'package.json'))) throw new ConfigError(`there is no package.json in ${folder}`);
  return folder;
}

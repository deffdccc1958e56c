import type { Logger } from 'pino';
import type { OnUnknown } from '../access/note-denied.ts';
import type { Authenticate } from '../access/authenticate.ts';
import type { Authority, OnDenied } from '../access/authorise.ts';
import { authenticateFrom } from '../access/limits/authenticate-from.ts';
import { patience, type Patience } from '../access/limits/listening.ts';
import { createRequestLimits, type RequestLimits } from '../access/limits/request-limits.ts';
import type { EnterProject } from '../access/projects/projects.ts';
import type { ServiceAccountTokens } from '../access/tokens/service-account-tokens.ts';
import type { Registry } from '../kinds/registry.ts';
import { noConsole, type ReadConsole } from '../store/machine-console.ts';
import type { Store } from '../store/types.ts';
import { createAnswer } from './http/answer.ts';
import { startHttpsServer, type TlsKeys } from './http/server.ts';
import { servedResources } from './served/served-resources.ts';

export interface KubernetesOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly tls: TlsKeys;
  readonly authenticate: Authenticate;
  readonly serviceAccounts: ServiceAccountTokens;
  readonly authority: Authority;
  readonly enterProject: EnterProject;
  readonly onDenied?: OnDenied;
  readonly onUnknown?: OnUnknown;
  readonly store: Store;
  readonly registry: Registry;
  /** Absent: there are no consoles to read. */
  readonly readConsole?: ReadConsole | undefined;
  readonly log: Logger;
  /** What keeps the product from serving right now, if anything. */
  readonly notReady: () => string | undefined;
  /** Aborts when the process begins to leave: it serves on, and connections of HTTP/1.1 end with their next answer. */
  readonly leaving?: AbortSignal;
  /** What one identity may demand; without it the adapter counts alone, with the limits that are set by default. */
  readonly limits?: RequestLimits;
  readonly patience?: Partial<Patience>;
}

/** The adapter, listening. */
export interface RunningKubernetes {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the Kubernetes-compatible API. */
export async function startKubernetes(options: KubernetesOptions): Promise<RunningKubernetes> {
  const { host, port, tls, log, limits = createRequestLimits(), readConsole = noConsole } = options;
  const { registry, leaving = new AbortController().signal } = options;
  const served = servedResources(registry.all());
  const servedInProjects = servedResources(registry.all().filter(({ rootOnly }) => rootOnly !== true));
  const answer = createAnswer({
    ...options,
    readConsole,
    authenticateFrom: authenticateFrom(options.authenticate, limits.addresses),
    served,
    servedInProjects,
    ownCertificates: tls.clientCaIsOwn ?? false,
    checks: [
      { name: 'postgres', check: options.notReady },
      { name: 'shutdown', check: () => (leaving.aborted ? 'stopping' : undefined) },
    ],
  });
  const server = await startHttpsServer({
    host,
    port,
    tls,
    answer,
    log,
    limits,
    leaving,
    patience: { ...patience, ...options.patience },
  });
  const name = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return { url: `https://${name}:${server.port}`, close: server.close };
}

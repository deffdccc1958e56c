import { request } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { actAsBy } from '../../access/act-as.ts';
import type { Authenticate } from '../../access/authenticate.ts';
import type { OnDenied } from '../../access/authorise.ts';
import type { Identity } from '../../access/identity.ts';
import { deniedTo, unknownTo } from '../../access/note-denied.ts';
import { openAuthority, type OpenAuthority } from '../../access/open-authority.ts';
import { seedRoles } from '../../access/seed-roles.ts';
import { certificates } from '../../cli/certificates.ts';
import { startGateway } from '../../gateway/start-gateway.ts';
import { startKubernetes } from '../../kubernetes/start-kubernetes.ts';
import { createDenials, type Denials } from '../../store/audit/denials.ts';
import { auditedTokens } from '../../access/tokens/audited-tokens.ts';
import { tellDone } from '../../store/audit/attempts.ts';
import { noteForbidden } from '../../store/audit/note-forbidden.ts';
import type { Store } from '../../store/types.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { startSubgraphs } from '../../subgraphs/start-subgraphs.ts';
import { testAuthentication } from './authentication.ts';
import { type Answer, send } from './gateway.ts';
import { asAdmin, testStore, type TestStore } from './store.ts';
import { collect, type Watcher } from './watcher.ts';

/** Answer of the Kubernetes door. */
export interface KubernetesAnswer {
  readonly status: number;
  // Tests look into answers of every shape.
  readonly body: any;
}

/** A watch of the Kubernetes door: what it has sent so far, and when it ends in good order. */
export interface KubernetesWatch {
  readonly lines: { readonly type: string; readonly object: any }[];
  readonly ended: Promise<void>;
}

/** Somebody, at both doors. */
export interface Person {
  readonly token: string;
  graphql(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  watch(query: string, variables?: Record<string, unknown>, params?: Record<string, unknown>): Watcher;
  /** An object as body is sent as JSON; a patch is a merge patch unless the headers say otherwise. */
  kubernetes(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string | string[]>,
  ): Promise<KubernetesAnswer>;
  kubernetesWatch(path: string): Promise<KubernetesWatch>;
}

/** Both doors over one store with access rules at work. */
export interface AccessWorld extends OpenAuthority<TestStore> {
  readonly store: Store;
  readonly denials: Denials;
  /** `person('ann', 'dev')`: the user ann of the group dev; `ann@shop` has a credential that is good in project shop only. */
  person(user: string, ...groups: string[]): Person;
  readonly admin: Person;
}

function fail(error: unknown): never {
  throw error;
}

const separator = '~';

/** Tokens that say whose they are; for tests. */
function tokensThatTell(): Authenticate {
  const known = new Map<string, Identity>();
  return (authorization) => {
    const [, text] = /^Bearer person~(.*)$/.exec(authorization ?? '') ?? [];
    if (text === undefined) return Promise.resolve(undefined);
    let identity = known.get(text);
    if (identity === undefined) {
      const [who = '', ...groups] = text.split(separator);
      const [user = '', boundTo] = who.split('@', 2);
      identity = {
        user,
        groups: [...groups, 'system:authenticated'],
        project: boundTo ?? 'default',
        ...(boundTo === undefined ? {} : { boundTo }),
      };
      known.set(text, identity);
    }
    return Promise.resolve(identity);
  };
}

/** The world of the running test; closed when that ends. */
export async function accessWorld(
  options: { readonly onDenied?: OnDenied; readonly subgraphs?: 'embedded' | 'remote' } = {},
): Promise<AccessWorld> {
  const opened = await testStore();
  await seedRoles(opened.store, opened.registry, asAdmin.project);
  const denials = createDenials(opened.pool, fail);
  onTestFinished(() => denials.close());
  const rules = await openAuthority({ ...opened, store: noteForbidden(opened.store, denials.note) }, fail);
  onTestFinished(() => rules.close());
  const { authority, open, enterProject } = rules;
  const { store, registry } = open;
  const log = pino({ level: 'error' });
  const toAudit = deniedTo(denials.note, registry);
  const onDenied: OnDenied = (...attempt) => {
    toAudit(...attempt);
    options.onDenied?.(...attempt);
  };
  const parts = {
    host: '127.0.0.1',
    port: 0,
    authenticate: tokensThatTell(),
    serviceAccounts: auditedTokens(testAuthentication(opened).serviceAccounts, tellDone(opened.pool)),
    authority,
    enterProject,
    store,
    audit: opened.audit,
    inventory: opened.inventory,
    registry,
    log,
    onDenied,
    onUnknown: unknownTo(denials.note),
  };
  const remote = options.subgraphs === 'remote' ? await startSubgraphs(parts) : undefined;
  if (remote !== undefined) onTestFinished(() => remote.close());
  const gateway = await startGateway({
    ...parts,
    actAs: actAsBy(authority, onDenied),
    ...(remote === undefined ? embeddedSubgraphs(parts) : { subgraphs: remote.urls }),
  });
  onTestFinished(() => gateway.close());
  const folder = mkdtempSync(join(tmpdir(), 'datum-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { ca, server } = await certificates(folder, '127.0.0.1');
  const adapter = await startKubernetes({ ...parts, tls: server, notReady: () => undefined });
  onTestFinished(() => adapter.close());

  function person(user: string, ...groups: string[]): Person {
    const token = ['person', user, ...groups].join(separator);
    const authorization = `Bearer ${token}`;
    return {
      token,
      graphql: (query, variables, headers) => send(gateway.url, query, variables, { authorization, ...headers }),
      watch(query, variables = {}, params = {}) {
        const client = createClient({
          url: gateway.url.replace(/^http/, 'ws'),
          webSocketImpl: WebSocket,
          retryAttempts: 0,
          connectionParams: { authorization, ...params },
        });
        const stream = client.iterate({ query, variables }) as AsyncIterableIterator<any>;
        const watcher = collect(stream, () => client.dispose());
        onTestFinished(() => watcher.stop());
        return watcher;
      },
      kubernetes: (method, path, body, headers = {}) =>
        exchange(`${adapter.url}${path}`, ca, method, body, { authorization, ...headers }),
      kubernetesWatch: (path) => follow(`${adapter.url}${path}`, ca, { authorization }),
    };
  }
  return { ...rules, store, denials, person, admin: person('admin', 'system:masters') };
}

function exchange(
  url: string,
  ca: string,
  method: string,
  body: object | undefined,
  headers: Record<string, string | string[]>,
): Promise<KubernetesAnswer> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return new Promise((resolve, reject) => {
    const call = request(url, { method, ca, headers: { 'content-type': type, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(text) }));
    });
    call.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function follow(url: string, ca: string, headers: Record<string, string>): Promise<KubernetesWatch> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, headers }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`the watch was answered with ${response.statusCode}`));
      const lines: KubernetesWatch['lines'] = [];
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) lines.push(JSON.parse(part) as never);
      });
      const ended = new Promise<void>((done, failed) => response.on('end', done).on('error', failed));
      ended.catch(() => {});
      resolve({ lines, ended });
    });
    onTestFinished(() => void call.destroy());
    call.on('error', reject).end();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatum } from '@datum/sdk';
import { onTestFinished } from 'vitest';

/** Somebody who watches the config maps of a namespace and keeps what it is told, by name, as revisions. */
export interface Follower {
  readonly by: 'sdk' | 'kubernetes';
  readonly namespace: string;
  readonly state: ReadonlyMap<string, string>;
  /** Events that came twice, or too late. */
  readonly wrong: readonly string[];
}

/** Watches by the SDK, whatever it takes. */
export function followBySdk(port: number, token: string, namespace: string): Follower {
  const datum = createDatum({
    url: `http://127.0.0.1:${port}/graphql`,
    token,
    retry: { attempts: 10_000, baseDelayMs: 50, maxDelayMs: 1_000 },
  });
  const stop = new AbortController();
  const state = new Map<string, string>();
  const wrong: string[] = [];
  void (async () => {
    for await (const event of datum.configMaps.watch({ namespace, signal: stop.signal })) {
      if (event.type === 'RESYNC') state.clear();
      if (!('object' in event)) continue;
      const { name, resourceVersion } = event.object.metadata;
      if (event.type !== 'DELETED' && state.get(name) === resourceVersion)
        wrong.push(`${event.type} ${name} ${resourceVersion} again`);
      if (event.type === 'DELETED') state.delete(name);
      else state.set(name, resourceVersion);
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) wrong.push(String(error));
  });
  onTestFinished(() => {
    stop.abort();
    datum.close();
  });
  return { by: 'sdk', namespace, state, wrong };
}

interface Line {
  readonly type: string;
  readonly object: {
    readonly code?: number;
    readonly metadata: {
      readonly name: string;
      readonly resourceVersion: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
}

/** Watches as an informer does: the state first, then on from the last revision for as long as the server remembers it. */
export function followByKubernetes(port: number, ca: string, token: string, namespace: string): Follower {
  const agent = new Agent({ ca });
  let state = new Map<string, string>();
  const wrong: string[] = [];
  let from: string | undefined;
  let stopped = false;
  let current: { destroy(): void } | undefined;

  function take({ type, object }: Line): void {
    const { name, resourceVersion, annotations } = object.metadata;
    if (type === 'ERROR') {
      if (object.code !== 410) wrong.push(JSON.stringify(object));
      from = undefined;
      return;
    }
    const isState = from === undefined;
    if (type === 'BOOKMARK') {
      if (!isState || annotations?.['k8s.io/initial-events-end'] === 'true') from = resourceVersion;
      return;
    }
    if (!isState && BigInt(resourceVersion) <= BigInt(from ?? 0))
      wrong.push(`${type} ${name} ${resourceVersion} again`);
    if (type === 'DELETED') state.delete(name);
    else state.set(name, resourceVersion);
    if (!isState) from = resourceVersion;
  }

  function watch(): Promise<void> {
    if (from === undefined) state = new Map();
    const options =
      from === undefined ? 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan' : `resourceVersion=${from}`;
    return new Promise((resolve) => {
      const path = `/api/v1/namespaces/${namespace}/configmaps?watch=1&allowWatchBookmarks=true&${options}`;
      const headers = { authorization: `Bearer ${token}` };
      const sent = request({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
        if (response.statusCode === 410) from = undefined;
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          if (response.statusCode === 200) for (const line of lines) take(JSON.parse(line) as Line);
        });
        response.on('error', () => resolve()).on('close', () => resolve());
      });
      sent.on('error', () => resolve()).end();
      current = sent;
    });
  }

  void (async () => {
    for (; !stopped; await sleep(50 + Math.random() * 200)) await watch();
  })();
  onTestFinished(() => {
    stopped = true;
    current?.destroy();
    agent.destroy();
  });
  return {
    by: 'kubernetes',
    namespace,
    get state() {
      return state;
    },
    wrong,
  };
}

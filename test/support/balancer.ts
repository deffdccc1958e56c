import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type CuttingProxy, cuttingProxy } from '../clients/support/cutting-proxy.ts';

/** A load balancer of connections, such as those in front of Kubernetes' services. */
export interface Balancer extends Pick<CuttingProxy, 'port' | 'cut'> {
  /** Takes a server in, by its origin; new connections go to it while its `/readyz` answers 200. */
  add(origin: string): void;
  /** Takes a server out that is gone. */
  remove(origin: string): void;
  /** Resolves when exactly these servers are ready. */
  untilReady(origins: readonly string[]): Promise<void>;
}

const lookEveryMs = 50;
/** Nobody listens there. */
const nowhere = 1;

/** Hands connections in turn to the servers that are ready. Closed when the running test ends. */
export async function startBalancer(): Promise<Balancer> {
  const ready = new Map<string, boolean>();
  let turn = 0;
  const usable = (): string[] => [...ready].flatMap(([origin, isReady]) => (isReady ? [origin] : []));
  const proxy = await cuttingProxy(() => {
    const origins = usable();
    const origin = origins[(turn += 1) % origins.length];
    return origin === undefined ? nowhere : Number(new URL(origin).port);
  });
  const looking = setInterval(() => {
    for (const origin of ready.keys())
      void isReady(origin).then((is) => {
        if (ready.has(origin)) ready.set(origin, is);
      });
  }, lookEveryMs);
  onTestFinished(() => {
    clearInterval(looking);
    return proxy.close();
  });
  return {
    port: proxy.port,
    cut: proxy.cut,
    add: (origin) => void ready.set(origin, false),
    remove: (origin) => void ready.delete(origin),
    async untilReady(origins) {
      const wanted = origins.toSorted().join();
      while (usable().toSorted().join() !== wanted) await sleep(lookEveryMs);
    },
  };
}

/** Whether a server says that it can serve. */
function isReady(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const get = origin.startsWith('https:') ? getSecure : getPlain;
    // What it answers matters here, not who it is.
    get(`${origin}/readyz`, { rejectUnauthorized: false, agent: false, timeout: 1_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('timeout', () => resolve(false))
      .on('error', () => resolve(false));
  });
}

import { Counter, Histogram } from 'prom-client';
import { registry } from './registry.ts';

/** A way into the product. */
export type Door = 'graphql' | 'kubernetes';

const answered = new Counter({
  name: 'datum_requests_total',
  help: 'Requests that were answered, by door, method (WATCH: a stream) and status',
  labelNames: ['door', 'method', 'code'],
  registers: [registry],
});
const seconds = new Histogram({
  name: 'datum_request_duration_seconds',
  help: 'From the first byte of a request to the last of its answer; streams are left out',
  labelNames: ['door', 'method'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

/** Instruments with their labels, since looking them up by labels costs more than counting. */
const children = new Map<
  string,
  { readonly count: { inc(): void }; readonly time: { observe(value: number): void } }
>();
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'WATCH']);

/** Counts a request that was answered. `method` is HTTP's, or WATCH for a stream, whose time is not measured. */
export function countRequest(door: Door, method: string, code: number, startMs: number): void {
  // Clients can make up methods, and each would be a series of its own.
  const known = methods.has(method) ? method : 'other';
  const key = `${door} ${known} ${code}`;
  let found = children.get(key);
  if (found === undefined) {
    found = { count: answered.labels(door, known, String(code)), time: seconds.labels(door, known) };
    children.set(key, found);
  }
  found.count.inc();
  if (known !== 'WATCH') found.time.observe((performance.now() - startMs) / 1000);
}

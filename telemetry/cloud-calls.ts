import { Counter, Histogram } from 'prom-client';
import { registry } from './registry.ts';

const calls = new Counter({
  name: 'datum_cloud_calls_total',
  help: "Calls to clouds by method and code: ok, the cloud's reason, or why none was made",
  labelNames: ['cloud', 'method', 'code'],
  registers: [registry],
});
const seconds = new Histogram({
  name: 'datum_cloud_call_duration_seconds',
  help: 'How long calls to clouds take, with the wait for our own limits',
  labelNames: ['cloud', 'method'],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
  registers: [registry],
});

/** Counts a call to a cloud. */
export function countCall(cloud: string, method: string, code: string, durationMs: number): void {
  calls.inc({ cloud, method, code });
  seconds.observe({ cloud, method }, durationMs / 1000);
}

import { Counter, Histogram } from 'prom-client';
import { registry } from './registry.ts';

/** How a run ended: nothing left to do, to come again later, met a newer object, failed, or gave up until the object changes. */
export type RunResult = 'done' | 'again' | 'conflict' | 'error' | 'terminal';

const runs = new Counter({
  name: 'datum_reconcile_total',
  help: 'Runs of controllers by result: done, again (later), conflict, error, terminal (until the object changes)',
  labelNames: ['controller', 'result'],
  registers: [registry],
});
const seconds = new Histogram({
  name: 'datum_reconcile_duration_seconds',
  help: 'How long runs of controllers take',
  labelNames: ['controller'],
  buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  registers: [registry],
});

/** Counts a run of a controller. */
export function countRun(controller: string, result: RunResult, startMs: number): void {
  runs.inc({ controller, result });
  seconds.observe({ controller }, (performance.now() - startMs) / 1000);
}

import { Histogram } from 'prom-client';
import { registry } from './registry.ts';

const rows = new Histogram({
  name: 'datum_write_batch_rows',
  help: 'Writes that shared a transaction',
  buckets: [1, 2, 4, 8, 16, 32, 64],
  registers: [registry],
});
const seconds = new Histogram({
  name: 'datum_write_batch_duration_seconds',
  help: 'From sending a batch of writes to Postgres until it is safe on disk',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
});

/** Counts a batch of writes that is safe on disk. */
export function countBatch(count: number, startMs: number): void {
  rows.observe(count);
  seconds.observe((performance.now() - startMs) / 1000);
}

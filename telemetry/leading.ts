import { Gauge } from 'prom-client';
import { registry } from './registry.ts';

const leading = new Gauge({
  name: 'datum_leading',
  help: 'Whether this process does what one process does for all: 1 or 0',
  labelNames: ['task'],
  registers: [registry],
});

/** Says whether this process leads a task. */
export function setLeading(task: string, leads: boolean): void {
  leading.set({ task }, leads ? 1 : 0);
}

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Everything that this process measures. */
export const registry = new Registry();

/** Adds what Node says of itself: processor, memory, delay of the event loop, garbage collection. Once in a process. */
export function measureNode(): void {
  collectDefaultMetrics({ register: registry });
}

/** A value with its labels. */
export interface Reading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Adds what is read whenever somebody asks. A reading that fails leaves the gauge empty. Answers what takes it away again. */
export function gauge(
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => readonly Reading[] | Promise<readonly Reading[]>,
): () => void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      this.reset();
      const readings = await Promise.resolve()
        .then(read)
        .catch((): readonly Reading[] => []);
      for (const { labels = {}, value } of readings) this.set(labels, value);
    },
  });
  return () => registry.removeSingleMetric(name);
}

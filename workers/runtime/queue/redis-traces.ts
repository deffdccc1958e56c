import type { Redis } from 'ioredis';
import { mostTraces, type TraceNotes, traceSecs } from './queues.ts';

/** Notes in lists beside the queues. */
export function redisTraces(connection: Redis, prefix: string): TraceNotes {
  const listOf = (name: string, key: string): string => `${prefix}:traces:${name}:${key}`;
  return {
    async note(name, traces) {
      const pipeline = connection.pipeline();
      for (const [key, all] of traces) {
        const list = listOf(name, key);
        pipeline
          .rpush(list, ...all)
          .ltrim(list, -mostTraces, -1)
          .expire(list, traceSecs);
      }
      await pipeline.exec();
    },
    async take(name, key) {
      const list = listOf(name, key);
      const [read] = (await connection.multi().lrange(list, 0, -1).del(list).exec()) ?? [];
      return (read?.[1] ?? []) as string[];
    },
  };
}

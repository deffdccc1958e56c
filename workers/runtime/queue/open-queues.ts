import type { QueueLocation, Queues } from './queues.ts';

/** Opens the queues; what the other place needs is not even loaded. */
export async function openQueues(location: QueueLocation): Promise<Queues> {
  if ('redisUrl' in location) {
    const { openRedisQueues } = await import('./redis-queues.ts');
    return openRedisQueues(location.redisUrl);
  }
  const { openPostgresQueues } = await import('./postgres-queues.ts');
  return openPostgresQueues(location.postgresUrl);
}

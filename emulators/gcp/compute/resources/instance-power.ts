import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt } from '../../core/json.ts';
import { pacificTime } from '../../core/timestamps.ts';
import { notReady } from '../../http/api-error.ts';
import { bootMs } from '../latency.ts';
import type { Mutation, Target } from '../resource-type.ts';
import { withExternalAddresses, withoutExternalAddresses } from './instance-interfaces.ts';

const LATENCY_MS = [20_000, 60_000] as const;

/** Gives the machine its external addresses and lets it boot: STAGING, and RUNNING some time later. */
export function boot(target: Target, row: ResourceRow, atMs: number): void {
  const { world, key } = target;
  const networkInterfaces = withExternalAddresses(world, objectsAt(row.body, 'networkInterfaces'));
  const body = { ...row.body, networkInterfaces, status: 'STAGING', lastStartTimestamp: pacificTime(atMs) };
  const staged: ResourceRow = { ...row, phase: 'ready', body };
  world.database.put('resource', key, staged);
  const lastsMs = bootMs(world);
  if (lastsMs === 0) becomeRunning(target, staged);
  else world.timers.schedule(atMs + lastsMs, 'instances.running', key);
}

/** The end of a boot, unless the machine has been stopped meanwhile. */
export function becomeRunning({ world, key }: Target, row: ResourceRow): void {
  if (row.body['status'] !== 'STAGING') return;
  world.database.put('resource', key, { ...row, body: { ...row.body, status: 'RUNNING' } });
}

function withStatus(row: ResourceRow, status: string): JsonObject {
  return { ...row.body, status };
}

/** Starting a running machine is accepted and does nothing. */
const start: Mutation = {
  httpMethod: 'POST',
  verb: 'start',
  operationType: 'start',
  latencyMs: [8_000, 30_000],
  apply(target, row) {
    if (row.body['status'] === 'STOPPING') throw notReady(target.key);
    return row.body;
  },
  begin: (row) => (row.body['status'] === 'TERMINATED' ? withStatus(row, 'PROVISIONING') : row.body),
  undo: (row) => (row.body['status'] === 'PROVISIONING' ? withStatus(row, 'TERMINATED') : row.body),
  done(target, row, atMs) {
    if (row.body['status'] === 'PROVISIONING') boot(target, row, atMs);
  },
};

/** Stopping a stopped machine is accepted and does nothing. */
const stop: Mutation = {
  httpMethod: 'POST',
  verb: 'stop',
  operationType: 'stop',
  latencyMs: LATENCY_MS,
  apply(target, row) {
    if (row.body['status'] !== 'STOPPING') return row.body;
    return {
      ...withStatus(row, 'TERMINATED'),
      networkInterfaces: withoutExternalAddresses(objectsAt(row.body, 'networkInterfaces')),
      lastStopTimestamp: pacificTime(target.world.clock.now()),
    };
  },
  begin: (row) => (row.body['status'] === 'TERMINATED' ? row.body : withStatus(row, 'STOPPING')),
  undo: (row) => (row.body['status'] === 'STOPPING' ? withStatus(row, 'RUNNING') : row.body),
};

const reset: Mutation = {
  httpMethod: 'POST',
  verb: 'reset',
  operationType: 'reset',
  latencyMs: [2_000, 10_000],
  apply(target, row) {
    if (row.body['status'] !== 'RUNNING') throw notReady(target.key);
    return row.body;
  },
};

export const POWER = { start, stop, reset };

import type { OperationError, ResourceRow } from '../../core/database.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import { pacificTime } from '../../core/timestamps.ts';
import { notReady } from '../../http/api-error.ts';
import { stockout } from '../conditions.ts';
import { bootMs } from '../latency.ts';
import type { Mutation, Target } from '../resource-type.ts';
import { withExternalAddresses, withoutEphemeralAddresses } from './interface-addresses.ts';
import { reservedAddresses } from './reservations.ts';

const UP = ['PROVISIONING', 'STAGING', 'RUNNING'];

/** Gives the machine its external addresses and lets it boot: STAGING, and RUNNING some time later. */
export function boot(target: Target, row: ResourceRow, atMs: number): void {
  const { world, key } = target;
  const networkInterfaces = withExternalAddresses(world, objectsAt(row.body, 'networkInterfaces'));
  const body = {
    ...row.body,
    networkInterfaces,
    status: 'STAGING',
    lastStartTimestamp: pacificTime(world.clock.wall(atMs)),
  };
  const boots: readonly Json[] = [...bootsOf(row), atMs];
  const staged: ResourceRow = { ...row, phase: 'ready', body, hidden: { ...row.hidden, boots } };
  world.database.put('resource', key, staged);
  const lastsMs = bootMs(world);
  if (lastsMs === 0) becomeRunning(target, staged);
  else world.timers.schedule(atMs + lastsMs, 'instances.running', key);
}

/** When the machine has begun to boot, each time, in virtual milliseconds. */
export function bootsOf({ hidden = {} }: ResourceRow): readonly number[] {
  const boots = hidden['boots'];
  return Array.isArray(boots) ? boots.filter((atMs) => typeof atMs === 'number') : [];
}

/** The end of a boot, unless the machine has been stopped meanwhile. */
export function becomeRunning({ world, key }: Target, row: ResourceRow): void {
  if (row.body['status'] !== 'STAGING') return;
  world.database.put('resource', key, { ...row, body: { ...row.body, status: 'RUNNING' } });
}

/** The stored body of a machine that has just stopped. */
export function stoppedBody(target: Target, row: ResourceRow, atMs: number): JsonObject {
  const reserved = reservedAddresses(target.world, row);
  return {
    ...withStatus(row, 'TERMINATED'),
    networkInterfaces: withoutEphemeralAddresses(objectsAt(row.body, 'networkInterfaces'), reserved),
    lastStopTimestamp: pacificTime(target.world.clock.wall(atMs)),
  };
}

function withStatus(row: ResourceRow, status: string): JsonObject {
  return { ...row.body, status };
}

function statusOf(row: ResourceRow): string {
  return stringAt(row.body, 'status') ?? '';
}

/** 400 unless the machine is in one of these states. */
function requireStatus(target: Target, row: ResourceRow, ...statuses: readonly string[]): void {
  if (!statuses.includes(statusOf(row))) throw notReady(target.key);
}

/** A change from one state over another to a third. */
interface Transition {
  readonly verb: string;
  readonly latencyMs: Mutation['latencyMs'];
  /** Query parameters, which change nothing here. */
  readonly parameters?: readonly string[];
  /** States in which the call is accepted and does nothing. */
  readonly idle: readonly string[];
  readonly from: readonly string[];
  readonly over: string;
  /** The state that a failed change leads back to. */
  readonly back: string;
  failure?: Mutation['failure'];
  end(target: Target, row: ResourceRow): JsonObject;
  done?(target: Target, row: ResourceRow, atMs: number): void;
}

function transition({ verb, latencyMs, parameters, idle, from, over, back, failure, end, done }: Transition): Mutation {
  return {
    httpMethod: 'POST',
    verb,
    operationType: verb,
    permission: verb,
    latencyMs,
    ...(parameters === undefined ? {} : { parameters }),
    apply(target, row) {
      requireStatus(target, row, ...idle, ...from, over);
      return statusOf(row) === over ? end(target, row) : row.body;
    },
    begin: (row) => (from.includes(statusOf(row)) ? withStatus(row, over) : row.body),
    undo: (row) => (statusOf(row) === over ? withStatus(row, back) : row.body),
    ...(failure === undefined ? {} : { failure }),
    ...(done === undefined ? {} : { done }),
  };
}

/** A machine that was stopped has to find a place again. */
function noPlace({ world, scope }: Target, row: ResourceRow): OperationError | undefined {
  if (UP.includes(statusOf(row)) || scope.kind !== 'zone') return undefined;
  const machineType = stringAt(row.body, 'machineType') ?? '';
  return stockout(world, scope.name, machineType.slice(machineType.lastIndexOf('/') + 1), world.clock.now());
}

function bootWhenDone(target: Target, row: ResourceRow, atMs: number): void {
  if (statusOf(row) === 'PROVISIONING') boot(target, row, atMs);
}

const start = transition({
  verb: 'start',
  latencyMs: [8_000, 30_000],
  idle: ['RUNNING', 'STAGING'],
  from: ['TERMINATED'],
  over: 'PROVISIONING',
  back: 'TERMINATED',
  failure: noPlace,
  end: (_target, row) => row.body,
  done: bootWhenDone,
});

const stop = transition({
  verb: 'stop',
  latencyMs: [20_000, 60_000],
  parameters: ['discardLocalSsd'],
  idle: ['TERMINATED'],
  from: [...UP, 'SUSPENDED', 'REPAIRING'],
  over: 'STOPPING',
  back: 'RUNNING',
  end: (target, row) => stoppedBody(target, row, target.world.clock.now()),
});

const suspend = transition({
  verb: 'suspend',
  latencyMs: [20_000, 60_000],
  parameters: ['discardLocalSsd'],
  idle: ['SUSPENDED'],
  from: ['RUNNING'],
  over: 'SUSPENDING',
  back: 'RUNNING',
  end: (target, row) => ({
    ...stoppedBody(target, row, target.world.clock.now()),
    status: 'SUSPENDED',
    lastStopTimestamp: row.body['lastStopTimestamp'],
    lastSuspendedTimestamp: pacificTime(target.world.clock.wall()),
  }),
});

const resume = transition({
  verb: 'resume',
  latencyMs: [8_000, 30_000],
  idle: ['RUNNING'],
  from: ['SUSPENDED'],
  over: 'PROVISIONING',
  back: 'SUSPENDED',
  failure: noPlace,
  end: (_target, row) => row.body,
  done: bootWhenDone,
});

const reset: Mutation = {
  httpMethod: 'POST',
  verb: 'reset',
  operationType: 'reset',
  permission: 'reset',
  latencyMs: [2_000, 10_000],
  apply(target, row) {
    requireStatus(target, row, 'RUNNING');
    return row.body;
  },
  hide: (_target, row, _body, atMs) => ({ ...row.hidden, boots: [...bootsOf(row), atMs] }),
};

export const POWER = { start, stop, suspend, resume, reset };

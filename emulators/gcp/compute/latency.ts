import type { World } from '../core/world.ts';
import type { OperationFault } from '../faults/rule.ts';
import type { LatencyRange } from './resource-type.ts';

const SHORT_OPERATION_MS: LatencyRange = [50, 500];
const SHORT_BOOT_MS = 300;
const REAL_BOOT_MS: LatencyRange = [5_000, 20_000];

/** How long an operation lasts in virtual milliseconds: `Infinity` when it is stuck, 0 when it ends at once. */
export function durationMs(world: World, realMs: LatencyRange, fault: OperationFault | undefined): number {
  const wholeMs = usualMs(world, realMs, fault);
  return fault?.kind === 'operation-error' ? Math.round((wholeMs * (fault.progress ?? 100)) / 100) : wholeMs;
}

function usualMs(world: World, realMs: LatencyRange, fault: OperationFault | undefined): number {
  if (fault?.kind === 'stuck-operation') return Infinity;
  if (fault?.kind === 'slow-operation') return fault.ms;
  if (realMs[1] === 0) return 0;
  switch (world.latency) {
    case 'none':
      return 0;
    case 'short':
      return world.random.between(...SHORT_OPERATION_MS);
    case 'real':
      return world.random.between(...realMs);
  }
}

/** From the end of an insert or start to RUNNING. */
export function bootMs(world: World): number {
  switch (world.latency) {
    case 'none':
      return 0;
    case 'short':
      return SHORT_BOOT_MS;
    case 'real':
      return world.random.between(...REAL_BOOT_MS);
  }
}

const RETRY_MS = 1_000;
const REAL_RETRY_MS: LatencyRange = [30_000, 60_000];

/** How long a controller of Google's waits before it tries again what has failed. */
export function retryMs(world: World): number {
  return world.latency === 'real' ? world.random.between(...REAL_RETRY_MS) : RETRY_MS;
}

import type { OperationError, ResourceRow } from '../../core/database.ts';
import type { World } from '../../core/world.ts';
import { retryMs } from '../latency.ts';
import { deleteMachine, makeMachine, refreshMachine, renewMachine, switchMachine } from './machines.ts';
import type { Managed } from './managed.ts';

/** What a step leads to: the machine with what is new about it, `gone` when it leaves the group, or nothing new. */
export type Progress = Managed | 'gone' | 'failed' | undefined;

export interface ProgressContext {
  readonly world: World;
  readonly managerKey: string;
  readonly atMs: number;
  /** How long a new machine is left alone by the health check; undefined without one. */
  readonly initialDelayMs: number | undefined;
  /** Notes why an attempt has failed. */
  onError(managed: Managed, error: OperationError): void;
}

/** Takes the machine one step further in what is being done with it. */
export function progress(context: ProgressContext, managed: Managed): Progress {
  const row = context.world.database.get('resource', managed.instanceKey);
  switch (managed.action) {
    case 'NONE':
    case 'VERIFYING':
      return undefined;
    case 'ABANDONING':
      return abandoned(context, row, managed);
    case 'DELETING':
      return deleted(context, row, managed) ?? (row === undefined ? 'gone' : undefined);
    case 'CREATING':
    case 'CREATING_WITHOUT_RETRIES':
      return created(context, row, managed);
    case 'RECREATING': {
      if (managed.step === 'creating') return created(context, row, managed);
      return deleted(context, row, managed) ?? (row === undefined ? toStep(managed, 'creating') : undefined);
    }
    case 'RESTARTING':
      return managed.step === 'starting' ? started(context, row, managed) : stopped(context, row, managed);
    case 'REFRESHING':
      return refreshed(context, row, managed);
  }
}

function abandoned({ world }: ProgressContext, row: ResourceRow | undefined, managed: Managed): Progress {
  if (row !== undefined) {
    const { managedBy: _left, ...hidden } = row.hidden ?? {};
    world.database.put('resource', managed.instanceKey, { ...row, hidden });
  }
  return 'gone';
}

/** Sees to it that the machine is being deleted. */
function deleted({ world, atMs }: ProgressContext, row: ResourceRow | undefined, managed: Managed): Progress {
  if (row === undefined || row.phase !== 'ready' || managed.operation !== undefined) return undefined;
  return { ...managed, operation: deleteMachine(world, managed, row, atMs) };
}

function created(context: ProgressContext, row: ResourceRow | undefined, managed: Managed): Progress {
  const { world, managerKey, atMs } = context;
  const { operation } = managed;
  if (operation === undefined) {
    // A machine of a failed attempt may linger for a moment.
    if (row !== undefined || (managed.retryAtMs ?? 0) > atMs) return undefined;
    const started = makeMachine(world, managerKey, managed, atMs);
    if (typeof started !== 'string') return failed(context, managed, started);
    const { retryAtMs: _over, ...rest } = managed;
    return { ...rest, operation: started };
  }
  const insert = world.database.get('operation', operation);
  if (insert?.endMs === undefined && insert !== undefined) return undefined;
  if (insert?.error !== undefined) return failed(context, managed, insert.error);
  if (row === undefined) return failed(context, managed, GONE);
  return row.body['status'] === 'RUNNING' ? settled(context, managed) : undefined;
}

const GONE: OperationError = {
  code: 'RESOURCE_NOT_FOUND',
  message: 'The instance was deleted while it was being created.',
  httpStatus: 404,
};

function failed(context: ProgressContext, managed: Managed, error: OperationError): Progress {
  context.onError(managed, error);
  if (managed.action === 'CREATING_WITHOUT_RETRIES') return 'failed';
  const { operation: _ended, ...rest } = managed;
  return { ...rest, errors: [error], retryAtMs: context.atMs + retryMs(context.world) };
}

function stopped(
  { world, managerKey, atMs }: ProgressContext,
  row: ResourceRow | undefined,
  managed: Managed,
): Progress {
  if (row === undefined) return { ...toStep(managed, 'creating'), action: 'RECREATING' };
  if (row.phase !== 'ready') return undefined;
  if (managed.operation === undefined)
    return { ...managed, operation: switchMachine(world, managed, row, 'stop', atMs) };
  if (row.body['status'] !== 'TERMINATED') return undefined;
  renewMachine(world, managerKey, managed, row, 'RESTART');
  return toStep(managed, 'starting');
}

function started(context: ProgressContext, row: ResourceRow | undefined, managed: Managed): Progress {
  const { world, atMs } = context;
  if (row === undefined) return { ...toStep(managed, 'creating'), action: 'RECREATING' };
  if (row.phase !== 'ready') return undefined;
  if (managed.operation === undefined)
    return { ...managed, operation: switchMachine(world, managed, row, 'start', atMs) };
  return row.body['status'] === 'RUNNING' ? settled(context, managed) : undefined;
}

function refreshed(context: ProgressContext, row: ResourceRow | undefined, managed: Managed): Progress {
  const { world, managerKey, atMs } = context;
  if (row === undefined) return { ...toStep(managed, 'creating'), action: 'RECREATING' };
  if (managed.operation === undefined) return { ...managed, operation: refreshMachine(world, managed, row, atMs) };
  if (world.database.get('operation', managed.operation)?.endMs === undefined) return undefined;
  renewMachine(world, managerKey, managed, row, 'REFRESH');
  return atRest(managed);
}

/** The machine runs: it is done, or it has to show that it is healthy. */
function settled({ atMs, initialDelayMs }: ProgressContext, managed: Managed): Managed {
  const { errors: _over, ...done } = atRest(managed);
  if (initialDelayMs === undefined) return done;
  return { ...done, action: 'VERIFYING', verifyUntilMs: atMs + initialDelayMs };
}

function atRest(managed: Managed): Managed {
  const { step: _step, operation: _operation, retryAtMs: _retryAtMs, verifyUntilMs: _verifyUntilMs, ...rest } = managed;
  return { ...rest, action: 'NONE' };
}

function toStep(managed: Managed, step: Managed['step']): Managed {
  const { operation: _ended, retryAtMs: _over, ...rest } = managed;
  return step === undefined ? rest : { ...rest, step };
}

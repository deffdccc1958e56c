import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { inBackground } from '../clouds/gcp/priority.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { follow, type Report } from './follow.ts';
import { observe } from './observe.ts';
import { createSchedule, longestDelayMs } from './schedule.ts';

export interface PollerOptions extends Pick<GcpDeps, 'cloudResources' | 'gcp' | 'enqueue' | 'retryPolicy'> {
  /** How often objects at rest are compared with what is there, on average. Default 10 min. */
  readonly observeEveryMs?: number;
  /** Told of what goes wrong; the poller goes on. */
  readonly onError?: (error: unknown) => void;
}

export interface Poller {
  /** There is something new to follow. */
  nudge(): void;
  /** Follows everything until the signal aborts. Only one at a time should run; two do no harm but double the calls. */
  run(signal: AbortSignal): Promise<void>;
}

/** Rows that another process wrote are found within this time. */
const idleMs = 500;
/** An owner that was not woken, since the process died in between, is woken after this time. */
const announceAfterMs = 2_000;
const observeEveryMsDefault = 10 * 60_000;

export function createPoller(options: PollerOptions): Poller {
  const { cloudResources, enqueue, observeEveryMs = observeEveryMsDefault, onError = () => {} } = options;
  let isNudged = false;
  let wake = () => {};

  async function announce(rows: readonly CloudResource[]): Promise<void> {
    if (rows.length === 0) return;
    await Promise.all(rows.map(({ controller, project, ownerKey }) => enqueue(controller, { project, ...ownerKey })));
    await cloudResources.announced(rows.map(({ requestId }) => requestId));
  }

  async function write(reports: readonly Report[]): Promise<void> {
    if (reports.length > 0) await announce(await cloudResources.report(reports));
  }

  async function run(signal: AbortSignal): Promise<void> {
    const schedule = createSchedule();
    let announceAtMs = 0;
    let observeAtMs = Date.now() + jittered(observeEveryMs);

    async function look(batch: string, rows: readonly CloudResource[]): Promise<void> {
      try {
        const reports = await follow(options, rows);
        schedule.looked(batch, reports.length > 0);
        await write(reports);
      } catch (error) {
        onError(error);
        schedule.postpone(batch, (isGcpError(error) ? error.retryAfterMs : undefined) ?? longestDelayMs / 5);
      }
    }

    async function pass(): Promise<void> {
      const batches = grouped(await cloudResources.running(), ({ account, scope }) => `${account} ${scope}`);
      schedule.see(new Map([...batches].map(([key, rows]) => [key, rows.map(idOf)])));
      await Promise.all(schedule.due().map((key) => look(key, batches.get(key) ?? [])));
      if (Date.now() >= announceAtMs) {
        await announce(await cloudResources.unannounced(announceAfterMs));
        announceAtMs = Date.now() + announceAfterMs;
      }
      if (Date.now() >= observeAtMs) {
        observeAtMs = Date.now() + jittered(observeEveryMs);
        await observeAll();
      }
    }

    async function observeAll(): Promise<void> {
      const groups = grouped(
        await cloudResources.resting('gcp'),
        ({ account, scope, type }) => `${account} ${scope} ${type}`,
      );
      for (const rows of groups.values()) await inBackground(() => observe(options, rows)).then(write, onError);
    }

    while (!signal.aborted) {
      await pass().catch(onError);
      const nextMs = Math.min(schedule.nextInMs() ?? idleMs, idleMs, Math.max(0, observeAtMs - Date.now()));
      await pause(nextMs, signal);
    }
  }

  /** Waits, or less when nudged. */
  async function pause(ms: number, signal: AbortSignal): Promise<void> {
    const nudged = new AbortController();
    wake = () => nudged.abort();
    if (!isNudged) await sleep(ms, undefined, { signal: AbortSignal.any([signal, nudged.signal]) }).catch(() => {});
    isNudged = false;
    wake = () => {};
  }

  function nudge(): void {
    isNudged = true;
    wake();
  }

  return { nudge, run };
}

/** Changes when the row's operation or state does: then there is something new to look at soon. */
function idOf({ requestId, operation, facts }: CloudResource): string {
  return `${requestId} ${operation ?? facts['status']}`;
}

function grouped(rows: readonly CloudResource[], keyOf: (row: CloudResource) => string): Map<string, CloudResource[]> {
  const groups = new Map<string, CloudResource[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Between half and one and a half times as long, so that not all products look at once. */
function jittered(ms: number): number {
  return ms * (0.5 + Math.random());
}

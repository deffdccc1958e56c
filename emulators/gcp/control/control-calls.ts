import { numberAt, objectAt, stringAt } from '../core/json.ts';
import { endOperation } from '../compute/operations.ts';
import { operationError } from '../compute/operation-errors.ts';
import { parseFaultRule } from '../faults/rule.ts';
import type { Emulator } from '../emulator.ts';
import type { ControlCall } from './control-listener.ts';
import { drift } from './drift.ts';
import { guestMetadata } from './guest-metadata.ts';
import { setGuest, setLoad } from './guest.ts';
import { reachability } from './reachability.ts';
import { seed } from './seed.ts';
import { SETTINGS_CALLS } from './settings-calls.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';
import { dumpState } from './state.ts';

/** The control API, call by call. */
export const CONTROL_CALLS: Readonly<Record<string, ControlCall>> = {
  ...SETTINGS_CALLS,

  /** Time, mode and size. */
  'GET /_emu/health': ({ world }) => ({ status: 'ok', ...timeOf(world), latency: world.latency }),

  /** Counts and bodies by type; `?type=instances`, `?project=p`, `?objects=false` for counts alone. */
  'GET /_emu/state': ({ world }, _body, query) => dumpState(world, query),

  /** Forgets everything: state, settings, faults, log, violations. */
  'POST /_emu/reset': ({ world, faults, log, check, limiter }) => {
    world.database.transaction(() => world.database.clear());
    faults.clear();
    limiter.clear();
    world.clock.skewMs = 0;
    log.clear();
    check?.clear();
  },

  'GET /_emu/time': ({ world }) => timeOf(world),

  /** `{ms}`: moves virtual time forward, whatever the mode of the clock, and does what is due. */
  'POST /_emu/time/advance': ({ world }, body) => {
    const ms = numberAt(body, 'ms');
    if (ms === undefined || ms < 0) throw new Error('ms must be a number of milliseconds, 0 or more');
    world.clock.advance(ms);
    world.timers.settle();
    return timeOf(world);
  },

  /** `{skewMs}`: how far the cloud's clocks are ahead of virtual time, or behind it. */
  'PUT /_emu/time': ({ world }, body) => {
    const skewMs = numberAt(body, 'skewMs');
    if (skewMs === undefined) throw new Error('skewMs must be a number of milliseconds');
    world.clock.skewMs = skewMs;
    return timeOf(world);
  },

  /** All state at this moment, to be brought back later or elsewhere. */
  'GET /_emu/snapshot': ({ world }) => takeSnapshot(world),

  /** Brings a snapshot back, time included. */
  'PUT /_emu/snapshot': ({ world }, body) => restoreSnapshot(world, body),

  /** `{requests: [{method?, path, body?}]}`: makes a state out of calls of Google's APIs, without latencies. */
  'POST /_emu/seed': (emulator, body) => seed(emulator, body),

  /** `?src=&dst=&proto=&port=&family=`: whether the firewall lets a packet through, and by which rules. */
  'GET /_emu/reachability': ({ world }, _body, query) => reachability(world, query),

  /** `?instance=&path=`: what a guest reads from its metadata server. */
  'GET /_emu/metadata': ({ world }, _body, query) => guestMetadata(world, query),

  /** The rules in force, with how often each matched and fired. */
  'GET /_emu/faults': ({ faults }) => ({ faults: faults.list() }),

  /** Adds a rule: see `FaultRule`. */
  'POST /_emu/faults': ({ faults }, body) => {
    const rule = parseFaultRule(body, stringAt(body, 'id') ?? `fault-${crypto.randomUUID()}`);
    faults.add(rule);
    return { id: rule.id };
  },

  /** Removes the rule `?id=`, or all of them. */
  'DELETE /_emu/faults': ({ faults }, _body, query) => {
    const id = query.get('id');
    if (id === null) faults.clear();
    else if (!faults.remove(id)) throw new Error(`no fault ${id}`);
  },

  /** The last requests, `?since=<number>`, and counters of all. */
  'GET /_emu/requests': ({ log }, _body, query) => ({
    counters: log.counters(),
    requests: log.since(Number(query.get('since') ?? 0)),
  }),

  'DELETE /_emu/requests': ({ log }) => log.clear(),

  /**
   * `{resource, action, patch?, body?, ms?}`: changes a resource behind everybody's back. Actions: insert, delete, patch;
   * for machines stop, start, preempt, maintain.
   */
  'POST /_emu/drift': ({ world }, body) => drift(world, body),

  /** `{instance, healthy?, cpu?, attributes?, serial?, failingCommands?, failingImages?}`: what goes on inside a machine, which no call of Google's can set. */
  'POST /_emu/guest': ({ world }, body) => setGuest(world, body),

  /** `{group, load}`: what the machines of a managed group use together; 2.4 is 0.8 of each of three. */
  'POST /_emu/load': ({ world }, body) => setLoad(world, body),

  /** `{name, error?: {code, message}}`: ends an operation now, such as one that a fault has made stuck. */
  'POST /_emu/operations/finish': finishOperation,

  'GET /_emu/schema-violations': ({ check }) => ({
    checking: check !== undefined,
    violations: check?.violations ?? [],
  }),
};

function finishOperation({ world }: Emulator, body: Parameters<ControlCall>[1]): void {
  const name = stringAt(body, 'name') ?? '';
  const entry = [...world.database.entries('operation')].find(([key]) => key.endsWith(`/operations/${name}`));
  if (entry === undefined) throw new Error(`no operation ${name}`);
  const [key, operation] = entry;
  const code = stringAt(objectAt(body, 'error'), 'code');
  world.database.transaction(() => {
    if (code !== undefined && operation.effect !== undefined) {
      const failure = operationError(code, stringAt(objectAt(body, 'error'), 'message') ?? code);
      world.database.put('operation', key, { ...operation, effect: { ...operation.effect, failure } });
    }
    endOperation(world, key, world.clock.now());
  });
  // Wakes those who wait for it.
  world.clock.advance(0);
}

function timeOf({ clock }: Emulator['world']): { now: string; nowMs: number; mode: unknown; skewMs: number } {
  const nowMs = clock.now();
  return { now: new Date(nowMs).toISOString(), nowMs, mode: clock.mode, skewMs: clock.skewMs };
}

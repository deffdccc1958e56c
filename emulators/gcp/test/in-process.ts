import type { ClockMode } from '../core/clock.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject, objectAt, objectsAt, stringAt } from '../core/json.ts';
import type { LatencyProfile } from '../core/world.ts';
import { createEmulator } from '../emulator.ts';
import { ApiError } from '../http/api-error.ts';

/** What a call led to: an answer, or the reason of the refusal, or the code of the operation's error. */
export interface Outcome {
  readonly answer: JsonObject;
  readonly failure: string | undefined;
}

/** An emulator without its doors, for thousands of calls in a second. Every answer is checked. */
export function emulatorInProcess(latency: LatencyProfile = 'none', clock: ClockMode = 'real') {
  const emulator = createEmulator({ latency, clock, check: true });
  const { world, router, check } = emulator;

  const call = (method: string, target: string, body: JsonObject = {}): Outcome => {
    const [path = '', query = ''] = target.split('?', 2);
    const match = router.match(method, path);
    if (match === undefined) throw new Error(`no call ${method} ${path}`);
    world.timers.settle();
    try {
      const answer = world.database.transaction(() =>
        match.route.handler({
          method,
          path,
          params: match.params,
          query: new URLSearchParams(query),
          body,
          operationFault: undefined,
          caller: undefined,
          signal: new AbortController().signal,
        }),
      ) as Json;
      world.timers.settle();
      const violation = check?.violation(match.route, answer);
      if (violation !== undefined) throw new Error(violation);
      const shown = isObject(answer) ? answer : {};
      return { answer: shown, failure: stringAt(objectsAt(objectAt(shown, 'error'), 'errors')[0] ?? {}, 'code') };
    } catch (error) {
      if (error instanceof ApiError) return { answer: {}, failure: error.detail.reason };
      throw error;
    }
  };
  return { emulator, world, call };
}

import { expect, test } from 'vitest';
import { createBreaker } from './breaker.ts';
import { GcpError, isGcpError } from './errors.ts';

const down = new GcpError({ code: 'backendError', class: 'transient', message: 'M' }, { status: 503 });
const refused = new GcpError({ code: 'forbidden', class: 'permission', message: 'M' }, { status: 403 });
const off = new GcpError({ code: 'accessNotConfigured', class: 'configuration', message: 'M' }, { status: 403 });

function start() {
  const clock = { nowMs: 1_000_000 };
  const breaker = createBreaker({ now: () => clock.nowMs });
  /** How long calls are held back; 0: one was admitted. */
  const heldMs = (circuit = 'p compute'): number => {
    try {
      breaker.admit(circuit);
      return 0;
    } catch (error) {
      if (!isGcpError(error)) throw error;
      expect(error.fault.code).toBe('circuitOpen');
      return error.retryAfterMs ?? -1;
    }
  };
  const note = (times: number, error?: unknown) => {
    for (let index = 0; index < times; index += 1) breaker.note('p compute', error);
  };
  return { clock, heldMs, note };
}

test('a project that answers half of its calls with 5xx is left alone, longer each time, until it answers', () => {
  const { clock, heldMs, note } = start();
  note(5);
  note(4, down);
  expect(heldMs()).toBe(0);
  note(1, down);
  expect(heldMs()).toBe(10_000);
  expect(heldMs('p iam')).toBe(0);
  clock.nowMs += 10_000;
  // One call looks how things are; the others wait for it.
  expect([heldMs(), heldMs()]).toEqual([0, 2_000]);
  note(1, down);
  expect(heldMs()).toBe(20_000);
  clock.nowMs += 20_000;
  expect(heldMs()).toBe(0);
  note(1);
  expect([heldMs(), heldMs()]).toEqual([0, 0]);
});

test('failures that are long ago do not count', () => {
  const { clock, heldMs, note } = start();
  note(9, down);
  clock.nowMs += 31_000;
  note(9);
  note(1, down);
  expect(heldMs()).toBe(0);
});

test('an API that is off holds calls back at once, refusals when there is no answer between them', () => {
  const first = start();
  first.note(1, off);
  expect(first.heldMs()).toBe(300_000);
  const second = start();
  second.note(9, refused);
  second.note(1);
  second.note(9, refused);
  expect(second.heldMs()).toBe(0);
  second.note(1, refused);
  expect(second.heldMs()).toBe(60_000);
});

test('what was never sent neither opens nor closes', () => {
  const { heldMs, note } = start();
  note(1, off);
  note(1, new GcpError({ code: 'rateLimited', class: 'throttle', message: 'M' }));
  expect(heldMs()).toBe(300_000);
});

import type { Refusal } from './types.ts';

/** The range or address asked for cannot be had from this network, now or later. */
export function outOfRange(message: string): Refusal {
  return { ok: false, reason: 'OutOfRange', message };
}

/** Nothing is free; freeing or growing helps. */
export function rangeExhausted(message: string): Refusal {
  return { ok: false, reason: 'RangeExhausted', message };
}

/** What was asked for is given to `holder`. */
export function addressConflict(message: string, holder: string): Refusal {
  return { ok: false, reason: 'AddressConflict', message, holder };
}

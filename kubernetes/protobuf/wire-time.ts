import { badRequest } from '../status/refusals.ts';

/** A time on the wire: since 1970. Absent parts are 0. */
export interface WireTime {
  readonly seconds?: number;
  readonly nanos?: number;
}

// RFC 3339 has four digits for the year.
const firstSeconds = Date.parse('0000-01-01T00:00:00Z') / 1000;
const lastSeconds = Date.parse('9999-12-31T23:59:59Z') / 1000;

/** RFC 3339 in UTC with so many decimals; undefined for no time at all. Throws 400 for one that cannot be written. */
export function timeText({ seconds = 0, nanos = 0 }: WireTime, decimals: 0 | 6): string | undefined {
  if (seconds === 0 && nanos === 0) return undefined;
  // Nanoseconds beyond one second, or before zero, count into the seconds.
  const whole = seconds + Math.floor(nanos / 1e9);
  if (!(whole >= firstSeconds && whole <= lastSeconds)) throw badRequest(`the time ${seconds} s is out of range`);
  const text = new Date(whole * 1000).toISOString().slice(0, 19);
  if (decimals === 0) return `${text}Z`;
  const micros = Math.floor((nanos - Math.floor(nanos / 1e9) * 1e9) / 1000);
  return `${text}.${String(micros).padStart(6, '0')}Z`;
}

/** The wire form of a time that we wrote ourselves. */
export function wireTime(text: string): Required<WireTime> {
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
  return { seconds: Math.floor(Date.parse(text) / 1000), nanos: Number(fraction.padEnd(9, '0')) };
}

import { StartError } from './start-error.ts';

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** Reads `90s`, `30m`, `12h` or `30d`, in ms. Throws StartError for anything else. */
export function readDuration(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (count === undefined || unitMs === undefined) throw new StartError(`${text} is no time such as 30d or 12h`);
  return Number(count) * unitMs;
}

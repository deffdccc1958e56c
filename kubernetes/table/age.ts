const minuteSecs = 60;
const hourSecs = 60 * minuteSecs;
const daySecs = 24 * hourSecs;
const yearSecs = 365 * daySecs;

/** How long ago a time was, as kubectl prints it: `5m`, `<unknown>` without a time, `<invalid>` in the future. */
export function age(time: unknown, nowMs: number): string {
  if (typeof time !== 'string' || time === '') return '<unknown>';
  const thenMs = Date.parse(time);
  return Number.isNaN(thenMs) ? '<invalid>' : humanDuration((nowMs - thenMs) / 1000);
}

/** A span of time in at most two units, coarser the longer it is. Clocks may differ by almost two seconds. */
export function humanDuration(exactSecs: number): string {
  const secs = Math.trunc(exactSecs);
  if (secs < -1) return '<invalid>';
  if (secs < 0) return '0s';
  if (secs < 2 * minuteSecs) return `${secs}s`;
  if (secs < 10 * minuteSecs) return two(secs, minuteSecs, 'm', 1, 's');
  if (secs < 3 * hourSecs) return one(secs, minuteSecs, 'm');
  if (secs < 8 * hourSecs) return two(secs, hourSecs, 'h', minuteSecs, 'm');
  if (secs < 2 * daySecs) return one(secs, hourSecs, 'h');
  if (secs < 8 * daySecs) return two(secs, daySecs, 'd', hourSecs, 'h');
  if (secs < 2 * yearSecs) return one(secs, daySecs, 'd');
  if (secs < 8 * yearSecs) return two(secs, yearSecs, 'y', daySecs, 'd');
  return one(secs, yearSecs, 'y');
}

function one(secs: number, unitSecs: number, unit: string): string {
  return `${Math.floor(secs / unitSecs)}${unit}`;
}

function two(secs: number, unitSecs: number, unit: string, finerSecs: number, finer: string): string {
  const rest = Math.floor((secs % unitSecs) / finerSecs);
  return rest === 0 ? one(secs, unitSecs, unit) : `${one(secs, unitSecs, unit)}${rest}${finer}`;
}

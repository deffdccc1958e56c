/** RFC 3339 with milliseconds and the offset of Google's home time zone, as Compute writes times. */
export function pacificTime(atMs: number): string {
  if (atMs !== last.atMs) {
    const offsetHours = isDaylightTime(atMs) ? 7 : 8;
    const local = new Date(atMs - offsetHours * 3_600_000).toISOString().slice(0, -1);
    last = { atMs, text: `${local}-0${offsetHours}:00` };
  }
  return last.text;
}

/** One request writes the same time into several fields. */
let last = { atMs: Number.NaN, text: '' };

/** RFC 3339 in UTC with microseconds, as IAM and Secret Manager write times. */
export function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}000Z`;
}

/** From the second Sunday of March, 2:00 local time, to the first Sunday of November, 2:00. */
function isDaylightTime(atMs: number): boolean {
  if (atMs < known.fromMs || atMs >= known.toMs) known = yearOf(atMs);
  return atMs >= known.daylightFromMs && atMs < known.daylightToMs;
}

interface Year {
  readonly fromMs: number;
  readonly toMs: number;
  readonly daylightFromMs: number;
  readonly daylightToMs: number;
}

/** The year asked for last: nearly always the one asked for next. */
let known: Year = yearOf(0);

function yearOf(atMs: number): Year {
  const year = new Date(atMs).getUTCFullYear();
  return {
    fromMs: Date.UTC(year),
    toMs: Date.UTC(year + 1),
    daylightFromMs: sundayMs(year, 2, 2) + 10 * 3_600_000,
    daylightToMs: sundayMs(year, 10, 1) + 9 * 3_600_000,
  };
}

function sundayMs(year: number, month: number, nth: number): number {
  const firstWeekday = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - firstWeekday) % 7) + 7 * (nth - 1));
}

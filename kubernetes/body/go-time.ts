import { DecodeError } from './decode-error.ts';

/** One piece of a layout: what it is called in messages, and what must stand in the text. */
interface Piece {
  readonly name: string;
  readonly pattern: RegExp;
}

const date: readonly Piece[] = [
  { name: '2006', pattern: /^\d{4}/ },
  { name: '-', pattern: /^-/ },
  { name: '01', pattern: /^\d\d/ },
  { name: '-', pattern: /^-/ },
  { name: '02', pattern: /^\d\d/ },
  { name: 'T', pattern: /^T/ },
  { name: '15', pattern: /^\d\d?/ },
  { name: ':', pattern: /^:/ },
  { name: '04', pattern: /^\d\d/ },
  { name: ':', pattern: /^:/ },
];
const zone: Piece = { name: 'Z07:00', pattern: /^(Z|[-+]\d\d:\d\d)/ };

interface Layout {
  readonly name: string;
  readonly pieces: readonly Piece[];
}

const secondsLayout: Layout = {
  name: '2006-01-02T15:04:05Z07:00',
  pieces: [...date, { name: '05', pattern: /^\d\d([.,]\d+)?/ }, zone],
};
const microsLayout: Layout = {
  name: '2006-01-02T15:04:05.000000Z07:00',
  pieces: [...date, { name: '05', pattern: /^\d\d/ }, { name: '.000000', pattern: /^[.,]\d{6}(?!\d)/ }, zone],
};

const plainSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const plainMicros = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** A time as it is kept: UTC with whole seconds. Throws DecodeError with the words of Go's parser. */
export function timeOf(text: string): string {
  return plainSeconds.test(text) && isMoment(text) ? text : `${momentOf(text, secondsLayout)}Z`;
}

/** A time as it is kept: UTC with six decimals, which the text must have. Throws DecodeError. */
export function microTimeOf(text: string): string {
  if (plainMicros.test(text) && isMoment(text)) return text;
  const moment = momentOf(text, microsLayout);
  return `${moment}.${/[.,](\d{6})/.exec(text)?.[1] ?? '000000'}Z`;
}

/** Whether a time of the plain form is on the calendar; no day is looked up that every month has. */
function isMoment(text: string): boolean {
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  if (month < 1 || month > 12 || day < 1) return false;
  if (day > 28 && day > daysIn(Number(text.slice(0, 4)), month)) return false;
  return twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60 && twoDigits(text, 17) < 60;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) * 10 + text.charCodeAt(at + 1) - 0x30;
}

/** `2024-01-01T00:00:00` in UTC. */
function momentOf(text: string, layout: Layout): string {
  checkLayout(text, layout);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text
    .slice(0, 19)
    .split(/[-T:.,Z+]/)
    .map(Number);
  const fault =
    month < 1 || month > 12
      ? 'month'
      : day < 1 || day > daysIn(year, month)
        ? 'day'
        : hour > 23
          ? 'hour'
          : minute > 59
            ? 'minute'
            : second > 59
              ? 'second'
              : undefined;
  if (fault !== undefined) throw new DecodeError(`parsing time ${JSON.stringify(text)}: ${fault} out of range`);
  const offset = /([-+])(\d\d):(\d\d)$/.exec(text);
  const offsetMinutes =
    offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - offsetMinutes, second);
  const shown = utc.getUTCFullYear();
  if (shown < 0 || shown > 9999)
    throw new DecodeError(`parsing time ${JSON.stringify(text)}: year outside of range [0,9999]`);
  return utc.toISOString().slice(0, 19);
}

function checkLayout(text: string, { name, pieces }: Layout): void {
  let rest = text;
  for (const piece of pieces) {
    const found = piece.pattern.exec(rest);
    if (found === null) throw misfit(text, name, `cannot parse ${quoted(rest)} as ${quoted(piece.name)}`);
    rest = rest.slice(found[0].length);
  }
  if (rest !== '') throw misfit(text, name, `extra text: ${quoted(rest)}`);
}

function misfit(text: string, layout: string, why: string): DecodeError {
  const extra = why.startsWith('extra text');
  return new DecodeError(
    extra ? `parsing time ${quoted(text)}: ${why}` : `parsing time ${quoted(text)} as ${quoted(layout)}: ${why}`,
  );
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

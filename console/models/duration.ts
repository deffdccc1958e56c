const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in ms as people say it: `0.4 s`, `12 s`, `3 min 5 s`, `2 d 4 h`. */
export function durationText(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
  const first = units.findIndex(([, length]) => ms >= length);
  const [unit, length] = units[first]!; // 10 s are longer than the smallest.
  const rest = units[first + 1];
  const count = Math.floor(ms / length);
  const more = rest === undefined ? 0 : Math.floor((ms - count * length) / rest[1]);
  return more === 0 || rest === undefined ? `${count} ${unit}` : `${count} ${unit} ${more} ${rest[0]}`;
}

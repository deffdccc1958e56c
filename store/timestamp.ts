let latestSecs = Number.NaN;
let latestText = '';

/** A time as metadata shows it: RFC 3339 in UTC with seconds. */
export function timestamp(time: Date): string {
  const secs = Math.floor(time.getTime() / 1000);
  // Thousands of writes share a second.
  if (secs !== latestSecs) {
    latestText = time.toISOString().replace(/\.\d+Z$/, 'Z');
    latestSecs = secs;
  }
  return latestText;
}

/** A time as metadata shows it: RFC 3339 in UTC with seconds. */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

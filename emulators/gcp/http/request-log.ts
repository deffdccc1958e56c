import type { Json, JsonObject } from '../core/json.ts';
import { isObject } from '../core/json.ts';

const KEPT_ENTRIES = 1_000;
const MAX_BODY_BYTES = 4_096;

interface LoggedRequest {
  readonly number: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Google's dated version of the API, which the client may ask for. */
  readonly apiVersion?: string;
  /** The caller's program, by its `user-agent`. */
  readonly userAgent?: string;
  readonly requestId?: string;
  /** The route, with `{parameters}`; absent for a path that nothing serves. */
  readonly route?: string;
  readonly body?: Json;
  /** What was answered; 0 when the connection was cut. */
  readonly status: number;
  readonly reason?: string;
  readonly fault?: string;
  readonly lastedMs: number;
}

interface RequestCounters {
  readonly total: number;
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** The last thousand requests, and counters of all. */
export interface RequestLog {
  add(entry: Omit<LoggedRequest, 'number'>): void;
  /** Requests with a greater number, oldest first. */
  since(number: number): readonly LoggedRequest[];
  counters(): RequestCounters;
  clear(): void;
}

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let total = 0;
  let byRoute = new Map<string, number>();
  let byStatus = new Map<string, number>();
  const count = (counters: Map<string, number>, key: string) => counters.set(key, (counters.get(key) ?? 0) + 1);

  return {
    add(entry) {
      total += 1;
      entries.push({ ...entry, number: total });
      if (entries.length >= 2 * KEPT_ENTRIES) entries = entries.slice(-KEPT_ENTRIES);
      count(byRoute, `${entry.method} ${entry.route ?? '(unknown)'}`);
      count(byStatus, String(entry.status));
    },
    since: (number) => entries.slice(-KEPT_ENTRIES).filter((entry) => entry.number > number),
    counters: () => ({ total, byRoute: Object.fromEntries(byRoute), byStatus: Object.fromEntries(byStatus) }),
    clear() {
      entries = [];
      total = 0;
      byRoute = new Map();
      byStatus = new Map();
    },
  };
}

/** The body as it may be kept: payloads of secrets never, large bodies only by size. */
export function loggableBody(body: JsonObject, sizeBytes: number): Json | undefined {
  if (sizeBytes === 0) return undefined;
  if (sizeBytes > MAX_BODY_BYTES) return `(${sizeBytes} bytes)`;
  const payload = body['payload'];
  return isObject(payload) ? { ...body, payload: { ...payload, data: '(redacted)' } } : body;
}

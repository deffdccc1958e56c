import { type Fault, GcpError, ownLimit } from './errors.ts';

/** Keeps calls from what answers none of them, so that it can recover and its limits are not used up. */
export interface Breaker {
  /** Throws a GcpError where calls are held back; its class is that of the failures that led to it. */
  admit(circuit: string): void;
  /** What came of a call that was admitted; undefined: an answer. */
  note(circuit: string, error: unknown): void;
}

export interface BreakerOptions {
  /** Every wait is multiplied by it, for those who cannot wait that long. Default 1. */
  readonly patience?: number;
  readonly now?: () => number;
}

/** Code of a call that was not sent since others of its kind failed. */
export const circuitOpen = 'circuitOpen';

const second = 1_000;
const minute = 60 * second;
/** Failures are counted over this time, and mean something from so many calls and such a part of them. */
const windowMs = 30 * second;
const minCalls = 10;
const failingPart = 0.5;
/** So many refusals without an answer between them are no matter of one object. */
const refusalsInRow = 10;
/** While one call finds out how things are, the others wait. */
const probeMs = 2 * second;

const unheard: ReadonlySet<string> = new Set([ownLimit, 'ABORT_ERR']);

/** How long calls are held back at first and at most, by what went wrong. */
const pauses = {
  transient: [10 * second, 5 * minute],
  permission: [minute, 10 * minute],
  configuration: [5 * minute, 15 * minute],
} as const;
type Trouble = keyof typeof pauses;

interface Circuit {
  startedAtMs: number;
  calls: number;
  failures: number;
  refusals: number;
  open: { readonly cause: Fault; readonly trouble: Trouble; pauseMs: number; untilMs: number } | undefined;
}

/** Each circuit is closed, open for a while, or lets single calls through to see whether it may close. */
export function createBreaker({ patience = 1, now = Date.now }: BreakerOptions = {}): Breaker {
  const circuits = new Map<string, Circuit>();

  function circuitOf(name: string): Circuit {
    let circuit = circuits.get(name);
    if (circuit === undefined)
      circuits.set(name, (circuit = { startedAtMs: now(), calls: 0, failures: 0, refusals: 0, open: undefined }));
    return circuit;
  }

  function open(circuit: Circuit, trouble: Trouble, cause: Fault): void {
    const [firstMs, mostMs] = pauses[trouble];
    const before = circuit.open?.trouble === trouble ? circuit.open.pauseMs * 2 : firstMs * patience;
    const pauseMs = Math.min(before, mostMs * patience);
    circuit.open = { cause, trouble, pauseMs, untilMs: now() + pauseMs };
  }

  return {
    admit(name) {
      const { open: held } = circuitOf(name);
      if (held === undefined) return;
      const waitMs = held.untilMs - now();
      if (waitMs <= 0) {
        held.untilMs = now() + probeMs * patience;
        return;
      }
      const { code, message, class: faultClass } = held.cause;
      throw new GcpError(
        { code: circuitOpen, class: faultClass, message: `calls to ${name} are held back after ${code}: ${message}` },
        { retryAfterMs: Math.ceil(waitMs) },
      );
    },
    note(name, error) {
      // What was not sent, or was cut off here, says nothing of the other side.
      if (error instanceof GcpError && unheard.has(error.fault.code)) return;
      const circuit = circuitOf(name);
      const trouble = troubleOf(error);
      if (now() - circuit.startedAtMs > windowMs) Object.assign(circuit, { startedAtMs: now(), calls: 0, failures: 0 });
      circuit.calls += 1;
      if (trouble === undefined) {
        circuit.refusals = 0;
        circuit.open = undefined;
        return;
      }
      const { fault } = error as GcpError;
      if (trouble === 'transient') circuit.failures += 1;
      if (trouble === 'permission') circuit.refusals += 1;
      const isFailing = circuit.calls >= minCalls && circuit.failures >= circuit.calls * failingPart;
      const opens = {
        transient: isFailing,
        permission: circuit.refusals >= refusalsInRow,
        configuration: true,
      }[trouble];
      // A call that was sent before the others were held back is no news.
      const isProbe = circuit.open !== undefined && circuit.open.untilMs - now() <= probeMs * patience;
      if (circuit.open === undefined ? opens : isProbe) open(circuit, trouble, fault);
    },
  };
}

/** What is wrong with a whole project rather than with one call; undefined: it answered. */
function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof GcpError)) return undefined;
  const { fault, status } = error;
  if (fault.class === 'configuration' || fault.class === 'permission') return fault.class;
  return fault.class === 'transient' && (status === undefined || status >= 500) ? 'transient' : undefined;
}

import { createRandom } from '../core/random.ts';
import type { Fault, FaultRule } from './rule.ts';

/** The facts of a request that rules look at. */
interface FaultSubject {
  readonly method: string;
  readonly path: string;
  /** Virtual time. */
  readonly atMs: number;
}

/** A fault that hits a request, with a draw in [0, 1) for what is random about it. */
export interface Hit {
  readonly fault: Fault;
  readonly draw: number;
}

interface FaultStatus extends FaultRule {
  readonly matched: number;
  readonly fired: number;
}

/** The rules in force. The first that fires decides. */
export interface FaultSet {
  add(rule: FaultRule): void;
  remove(id: string): boolean;
  clear(): void;
  list(): readonly FaultStatus[];
  /** The fault for this request; counts as a match for every rule asked. */
  next(subject: FaultSubject): Hit | undefined;
}

interface Entry {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  readonly draw: () => number;
  matched: number;
  fired: number;
}

export function createFaultSet(seed: number): FaultSet {
  const entries = new Map<string, Entry>();

  const fires = (entry: Entry): boolean => {
    const { skip = 0, count = Infinity, probability = 1 } = entry.rule;
    entry.matched += 1;
    if (entry.matched <= skip || entry.fired >= count || entry.draw() >= probability) return false;
    entry.fired += 1;
    return true;
  };

  return {
    add(rule) {
      let count = 0;
      const random = createRandom(rule.seed ?? seed, () => (count += 1));
      const pattern = new RegExp(rule.path ?? '');
      entries.set(rule.id, { rule, pattern, draw: random.next, matched: 0, fired: 0 });
    },
    remove: (id) => entries.delete(id),
    clear: () => entries.clear(),
    list: () => [...entries.values()].map(({ rule, matched, fired }) => ({ ...rule, matched, fired })),
    next(subject) {
      for (const entry of entries.values()) {
        if (matches(entry, subject) && fires(entry)) return { fault: entry.rule.fault, draw: entry.draw() };
      }
      return undefined;
    },
  };
}

function matches({ rule, pattern }: Entry, { method, path, atMs }: FaultSubject): boolean {
  return (
    (rule.method === undefined || rule.method.toUpperCase() === method) &&
    (rule.project === undefined || path.includes(`/projects/${rule.project}/`)) &&
    (rule.zone === undefined || path.includes(`/zones/${rule.zone}/`)) &&
    (rule.fromMs ?? 0) <= atMs &&
    atMs < (rule.untilMs ?? Infinity) &&
    pattern.test(path)
  );
}

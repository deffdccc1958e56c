/** What waits in a queue. */
export interface Backlog {
  /** Jobs with and without a round. */
  readonly isEmpty: boolean;
  /** Lowest round that waits; undefined when none does. */
  readonly lowestRound: number | undefined;
}

/** Rounds of keys, in their order; 0 comes before all rounds. */
export type RoundsOf = (name: string, keys: readonly string[]) => Promise<readonly number[]>;

/** So many keys are added without a look at the queue, and without a round: mostly there is no backlog. */
const freeKeys = 32;
/** BullMQ takes no higher priority. */
const lastRound = 2 ** 21 - 1;

/** What this process knows of one queue. */
interface Known {
  /** Keys that were added since it was last seen empty. */
  added: number;
  /** Where rounds go on when nothing waits, so that what comes later is never before what was put off. */
  newest: number;
  /** Last round that each project has a key in, as far as it is not over. */
  readonly last: Map<string, number>;
}

/**
 * Lets projects take turns: in each round of a queue each of them has one key, so that a project that adds thousands waits for
 * itself. The round of a key is the one that is running, or the one behind the last that its project has a key in. Rounds
 * are priorities of jobs: what waits is sorted where it waits, and nothing is counted there.
 */
export function createFairOrder(look: (name: string) => Promise<Backlog>): RoundsOf {
  const queues = new Map<string, Known>();

  return async (name, keys) => {
    let known = queues.get(name);
    if (known === undefined) queues.set(name, (known = { added: 0, newest: 1, last: new Map() }));
    known.added += keys.length;
    if (known.added <= freeKeys) return keys.map(() => 0);
    const { isEmpty, lowestRound } = await look(name);
    return roundsOf(known, keys, isEmpty, lowestRound);
  };
}

function roundsOf(known: Known, keys: readonly string[], isEmpty: boolean, lowestRound: number | undefined): number[] {
  const { last } = known;
  if (isEmpty) {
    known.added = keys.length;
    if (known.newest > lastRound / 2) known.newest = 1;
    last.clear();
    if (keys.length <= freeKeys) return keys.map(() => 0);
  }
  const running = lowestRound ?? known.newest;
  for (const [project, round] of last) if (round < running) last.delete(project);
  return keys.map((key) => {
    const project = key.slice(0, key.indexOf('/'));
    const round = Math.min(lastRound, Math.max(running, (last.get(project) ?? 0) + 1));
    last.set(project, round);
    if (round > known.newest) known.newest = round;
    return round;
  });
}

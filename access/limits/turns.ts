import { tooMany } from './too-many.ts';

/** Gives back what was taken; once is enough, more does no harm. */
export type Release = () => void;

/** What one identity may have of the turns. */
export interface Share {
  /** Units at a time. */
  readonly most: number;
  /** Entries that wait. */
  readonly waiting: number;
}

/** Turns that many share: an identity that wants more than its share waits in a line of its own. */
export interface Turns {
  /**
   * Takes `units`, at once or when it is its turn. Throws or rejects with TooMany when the line is full or the wait too long.
   * Whoever wants more units than there can be gets all there can be.
   */
  enter(key: string, share: Share, units?: number): Release | Promise<Release>;
  /** Whether anybody of a key is in or waits. */
  isUsed(key: string): boolean;
}

interface Waiter {
  readonly units: number;
  readonly go: (release: Release) => void;
  readonly timer: NodeJS.Timeout;
}

interface Line {
  readonly key: string;
  share: Share;
  running: number;
  readonly waiting: Set<Waiter>;
}

/** Turns for `total` units at a time; whoever waits longer than `waitMs` is refused. Lines are served one after another. */
export function createTurns({ total, waitMs }: { readonly total: number; readonly waitMs: number }): Turns {
  const lines = new Map<string, Line>();
  /** Lines whose first waiter its own share would let in; the next to be served first. */
  const ready = new Set<Line>();
  let running = 0;

  function release(line: Line, units: number): Release {
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      line.running -= units;
      running -= units;
      settle(line);
      serve();
    };
  }

  /** Brings what is known of a line up to date after it changed. */
  function settle(line: Line): void {
    const [first] = line.waiting;
    if (first !== undefined && line.running + first.units <= line.share.most) ready.add(line);
    else ready.delete(line);
    if (first === undefined && line.running === 0) lines.delete(line.key);
  }

  function serve(): void {
    for (const line of ready) {
      const [first] = line.waiting;
      // Nobody overtakes one who waits for much, or it would wait for ever.
      if (first === undefined || running + first.units > total) return;
      line.waiting.delete(first);
      clearTimeout(first.timer);
      line.running += first.units;
      running += first.units;
      // To the end of the round.
      ready.delete(line);
      settle(line);
      first.go(release(line, first.units));
    }
  }

  function wait(line: Line, units: number): Promise<Release> {
    if (line.waiting.size >= line.share.waiting) {
      settle(line);
      throw tooMany('too many requests of yours wait already', 1000);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        line.waiting.delete(waiter);
        settle(line);
        serve();
        reject(tooMany('a request of yours waited too long for its turn', 1000));
      }, waitMs);
      const waiter: Waiter = { units, go: resolve, timer };
      line.waiting.add(waiter);
      settle(line);
    });
  }

  return {
    enter(key, share, asked = 1) {
      const units = Math.min(asked, share.most, total);
      let line = lines.get(key);
      if (line === undefined) lines.set(key, (line = { key, share, running: 0, waiting: new Set() }));
      line.share = share;
      const isFree = line.waiting.size === 0 && line.running + units <= share.most;
      if (!isFree || running + units > total || ready.size > 0) return wait(line, units);
      line.running += units;
      running += units;
      return release(line, units);
    },
    isUsed: (key) => lines.has(key),
  };
}

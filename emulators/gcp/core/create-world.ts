import type { ClockMode } from './clock.ts';
import { createClock } from './clock.ts';
import { createControllers } from './controllers.ts';
import type { Write } from './database.ts';
import { TABLE_NAMES, createDatabase } from './database.ts';
import type { Indexed } from './indexes.ts';
import { listLagMs } from './consistency.ts';
import { createHistory } from './history.ts';
import { createIndexes } from './indexes.ts';
import type { Journal, JournalContent } from './journal.ts';
import { openJournal, readJournal } from './journal.ts';
import { createProjectNumbers } from './project-numbers.ts';
import { createRandom } from './random.ts';
import { createTimers } from './timers.ts';
import type { LatencyProfile, World } from './world.ts';

export interface WorldOptions {
  readonly dataDir: string | undefined;
  readonly clock: ClockMode;
  readonly latency: LatencyProfile;
  readonly seed: number;
  typeOf(type: string): Indexed;
}

const NOTHING: JournalContent = { writes: [], count: 0, atMs: 0 };

/** A world as its journal left it, or an empty one. Throws when the journal cannot be read or is not one of ours. */
export function createWorld(options: WorldOptions): { world: World; close(): void } {
  const { dataDir, latency } = options;
  const content = dataDir === undefined ? NOTHING : readJournal(dataDir);
  const clock = createClock(options.clock, content.atMs);
  let journal: Journal | undefined;
  const database = createDatabase((writes, count) => journal?.append(writes, count, clock.now()));
  const indexes = createIndexes(database, (type) => options.typeOf(type));
  const controllers = createControllers(database);
  const history = createHistory(database, clock, () => listLagMs(database));
  const timers = createTimers(database, clock, (atMs) => controllers.run(atMs));
  const projects = createProjectNumbers(database);
  database.load(content.writes, content.count);
  if (dataDir !== undefined) journal = openJournal(dataDir, snapshot);
  const random = createRandom(options.seed, () => database.nextCount());
  return {
    world: { database, indexes, clock, timers, controllers, history, random, projects, latency },
    close: () => journal?.close(database.count, clock.now()),
  };

  function* snapshot(): Generator<Write> {
    for (const table of TABLE_NAMES) {
      for (const [key, row] of database.entries(table)) yield [table, key, row];
    }
  }
}

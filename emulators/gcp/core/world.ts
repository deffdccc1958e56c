import type { Clock } from './clock.ts';
import type { Controllers } from './controllers.ts';
import type { Database } from './database.ts';
import type { History } from './history.ts';
import type { Indexes } from './indexes.ts';
import type { ProjectNumbers } from './project-numbers.ts';
import type { Random } from './random.ts';
import type { Timers } from './timers.ts';

/** `none`: all done at once; `short`: fit to look at; `real`: as long as Google takes. */
export type LatencyProfile = 'none' | 'short' | 'real';

/** All that a handler may use: state, time and chance. */
export interface World {
  readonly database: Database;
  readonly indexes: Indexes;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly controllers: Controllers;
  readonly history: History;
  readonly random: Random;
  readonly projects: ProjectNumbers;
  readonly latency: LatencyProfile;
}

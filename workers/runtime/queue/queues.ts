import type { Job, Processor } from 'bullmq';

/** Where the queues live. They may be lost at any time: what is in them comes back from the change log. */
export type QueueLocation = { readonly postgresUrl: string } | { readonly redisUrl: string };

/** What a job carries: the text of a key. */
export interface KeyJob {
  readonly key: string;
}

/** Runs one job; the token is the right to move it. */
export type Process = Processor<KeyJob, void>;

/** What a run may do with its job beside ending it. */
export type MovableJob = Pick<Job<KeyJob>, 'data' | 'moveToWait' | 'moveToDelayed'>;

export interface ConsumerOptions {
  /** Jobs at a time. */
  readonly concurrency: number;
  /** How long a key waits after its run failed, in ms. */
  readonly backoffMs: (key: string) => number;
  readonly onError: (error: Error) => void;
}

/** The work side of one queue. */
export interface Consumer {
  /** Whether the key was added again since its job began to run; the answer is given once. */
  takeNewer(key: string): Promise<boolean>;
  /** Takes no new job and waits until those that run have ended. */
  close(): Promise<void>;
}

/** How many jobs a queue has. */
export interface QueueCounts {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

/**
 * `traceparent`s of what a key waits for, kept beside its job: a key that is added again stays one job, and its run is for
 * all of them. Only processes that trace use it.
 */
export interface TraceNotes {
  note(name: string, traces: ReadonlyMap<string, readonly string[]>): Promise<void>;
  /** What was noted of a key, the newest last, at most 16; noted no longer then. */
  take(name: string, key: string): Promise<readonly string[]>;
}

/** Notes of one key that are kept, and for how long. */
export const mostTraces = 16;
export const traceSecs = 3600;

/** The queues of one place, by name. */
export interface Queues {
  /** Adds a job for each key: one that waits stays one, one that waits for later is due now, one that runs will run again. */
  add(name: string, keys: readonly string[]): Promise<void>;
  consume(name: string, process: Process, options: ConsumerOptions): Promise<Consumer>;
  /** Jobs of the queues of these names, by state: those that wait, run, wait for later. */
  counts(names: readonly string[]): Promise<readonly QueueCounts[]>;
  readonly traces: TraceNotes;
  /** Consumers are closed before. */
  close(): Promise<void>;
}

import type { CallOptions } from '../client/options.ts';

/** `Ready` (is True), `Ready=False`, `deleted`, or anything that can be seen in the object. */
export type Condition<T> = string | ((object: T) => boolean);

export interface WaitOptions extends CallOptions {
  /** In ms; default 60,000. */
  readonly timeoutMs?: number;
}

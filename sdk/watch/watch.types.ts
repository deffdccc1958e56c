import type { CallOptions } from '../client/options.ts';

/** What to watch. */
export interface WatchOptions extends CallOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Those that have it in name, namespace, a label as `key=value`, or a field that selectors know, in whatever case. */
  readonly text?: string | undefined;
  /** Go on behind this token. Absent: the current state first. */
  readonly from?: string | undefined;
  /** Told whenever the state of the connection changes. */
  readonly onStatus?: ((status: WatchStatus) => void) | undefined;
}

/** State of a watch's connection. */
export interface WatchStatus {
  readonly state: 'connecting' | 'live' | 'reconnecting';
  readonly since: Date;
  /** Why it has to reconnect. */
  readonly error?: unknown;
}

/** An event of a watch. `resumeToken` is absent until the state that a watch begins with is complete. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T; readonly resumeToken?: string }
  /** Everything up to here was delivered; the first ends the state that a watch begins with. */
  | { readonly type: 'BOOKMARK'; readonly resumeToken: string }
  /** The history no longer reaches back: drop what you hold, the current state follows as ADDED, then a BOOKMARK. */
  | { readonly type: 'RESYNC' };

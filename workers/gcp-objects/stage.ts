import type { CloudResource } from '../../store/cloud-resources.types.ts';

/** What went wrong with a cloud object last. */
export type Failure = NonNullable<CloudResource['error']>;

/** Where a cloud object is on its way. Whoever waits is woken; whoever failed tries again at `retryAt`. */
export type Stage =
  | { readonly at: 'ready'; readonly row: CloudResource }
  | { readonly at: 'waiting'; readonly row?: CloudResource }
  | { readonly at: 'failed'; readonly failure: Failure; readonly retryAt: Date; readonly row: CloudResource }
  | { readonly at: 'gone' };

/** Milliseconds until the first of the failed ones tries again; undefined when none failed. */
export function retryInMs(stages: readonly Stage[], now = Date.now()): number | undefined {
  const times = stages.flatMap((stage) => (stage.at === 'failed' ? [Math.max(1, stage.retryAt.getTime() - now)] : []));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The rows of the objects, as far as they have any. */
export function rowsOf(stages: readonly Stage[]): CloudResource[] {
  return stages.flatMap((stage) => ('row' in stage && stage.row !== undefined ? [stage.row] : []));
}

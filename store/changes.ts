import type { StoreCore } from './context.ts';
import type { Change, Revision } from './types.ts';

/** See Store.changes. */
export async function* changes(core: StoreCore, from: Revision, signal: AbortSignal): AsyncIterable<readonly Change[]> {
  let wake: (() => void) | undefined;
  let grown = true;
  let ended = false;
  const rouse = (): void => {
    grown = true;
    wake?.();
  };
  const { unsubscribe } = core.log.subscribe(rouse, () => {
    ended = true;
    rouse();
  });
  signal.addEventListener('abort', rouse);
  try {
    let after = from;
    while (!signal.aborted && !ended) {
      grown = false;
      const to = core.log.position();
      for await (const page of core.log.replay(after, to)) {
        if (page.length > 0) yield page;
      }
      if (to > after) after = to;
      if (!grown) await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', rouse);
    unsubscribe();
  }
}

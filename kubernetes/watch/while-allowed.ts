import type { Authority, Wanted } from '../../access/authorise.ts';
import type { Identity } from '../../access/identity.ts';
import type { Output } from '../http/call.ts';

/** Writes a stream. */
type Body = (out: Output, signal: AbortSignal) => Promise<void>;

/** The body of a stream that ends, as if its time were up, when its reader may no longer see it: the next request is refused. */
export function whileAllowed(
  authority: Authority,
  identity: Identity,
  wanted: Wanted,
  signal: AbortSignal,
  body: Body,
): (out: Output) => Promise<void> {
  return async (out) => {
    const over = new AbortController();
    const end = (): void => over.abort(signal.reason);
    const check = (): void => {
      if (!authority.authorise(identity, wanted).allowed) end();
    };
    const leave = authority.onChange(identity.project, check);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    // The rules may have changed since the request was let in.
    check();
    try {
      await body(out, over.signal);
    } finally {
      leave();
      signal.removeEventListener('abort', end);
    }
  };
}

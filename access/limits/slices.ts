/** How long one turn of the event loop may be busy with work that can wait, in ms. */
const sliceMs = 4;

let sinceMs: number | undefined;
let next: Promise<void> | undefined;

/**
 * Asked before each of many small pieces of work, of whomever: undefined to go on, or, where this turn of the event loop has
 * lasted long already, a promise to wait for, so that requests of others are looked at in between.
 */
export function breathe(): Promise<void> | undefined {
  if (next !== undefined) return next;
  if (sinceMs === undefined) {
    sinceMs = performance.now();
    setImmediate(() => void (sinceMs = undefined));
    return undefined;
  }
  if (performance.now() - sinceMs < sliceMs) return undefined;
  next = new Promise((resolve) => {
    setImmediate(() => {
      next = undefined;
      sinceMs = undefined;
      resolve();
    });
  });
  return next;
}

/** The same for a piece of work itself. */
export async function inSlices<T>(work: () => Promise<T>): Promise<T> {
  for (let wait = breathe(); wait !== undefined; wait = breathe()) await wait;
  return work();
}

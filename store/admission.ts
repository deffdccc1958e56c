import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import type { StoreCore } from './context.ts';
import type { RequestContext, WriteOptions } from './types.ts';

/** Makes an object fit to be stored, or refuses it. */
export async function admit(
  _core: StoreCore,
  _context: RequestContext,
  _kind: Kind,
  next: Resource,
  _previous: Resource | undefined,
  _options: WriteOptions,
): Promise<{ object: Resource; warnings: string[] }> {
  return { object: next, warnings: [] };
}

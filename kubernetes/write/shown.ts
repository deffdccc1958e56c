import type { Resource } from '../../kinds/object.ts';
import type { Served } from '../served/served.ts';

/** A stored object as clients see it at this group and version. */
export function shown({ view }: Served, stored: Resource): Resource {
  return view === undefined ? stored : view.outward(stored);
}

/** An object that a client sent, as the store takes it. */
export function taken({ view }: Served, sent: Resource): Resource {
  return view === undefined ? sent : view.inward(sent);
}

import { allKinds } from '../generated/kinds.ts';
import { type Client, createClient } from './create-client.ts';
import type { ClientOptions } from './options.ts';

/** A client that knows all kinds. */
export type Datum = Client<typeof allKinds>;

/** A client that knows all kinds. A program for browsers that uses few of them names these to `createClient` instead. */
export function createDatum(options: ClientOptions): Datum {
  return createClient({ ...options, kinds: allKinds });
}

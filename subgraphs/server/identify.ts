import type { Identity } from '../../access/identity.ts';

/** Who asks, in the project that the gateway says they are in; undefined for nobody, or for somebody who may not be there. */
export type Identify = (
  authorization: string | undefined,
  project: string | undefined,
) => Promise<Identity | undefined>;

/** Header in which a gateway says in which project its caller is. */
export const projectHeader = 'datum-project';

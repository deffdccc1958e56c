import type { ExtraResolvers } from './schema.ts';

/** What makes one subgraph differ from the others. */
export interface Subgraph {
  /** Area of its kinds; also its name in the supergraph. */
  readonly area: string;
  readonly extra?: ExtraResolvers;
}

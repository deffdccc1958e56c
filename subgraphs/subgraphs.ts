import { compute } from './compute/subgraph.ts';
import { core } from './core/subgraph.ts';
import { networking } from './networking/subgraph.ts';
import type { Subgraph } from './uniform/subgraph.ts';

/** All subgraphs. */
export const subgraphs: readonly Subgraph[] = [core, networking, compute];

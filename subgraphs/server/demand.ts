import { defaultDemandLimits } from '../../access/limits/demand/demand-limits.ts';
import { measuresOf } from '../../access/limits/demand/measures-of.ts';

/** What a gateway adds to what it was asked: keys, type names, and the way into entities. */
const slack = 2;

type Measured = Parameters<typeof measuresOf>[0];

/** Why an operation is not run that no gateway would send: its own limits are half of these. */
export function tooDemanding(args: Measured): string | undefined {
  const { maxDepth, maxAliases, maxSelections, maxCost } = defaultDemandLimits;
  const measures = measuresOf(args);
  if (measures === undefined) return undefined;
  const { depth, aliases, selections, cost } = measures;
  const isFine =
    depth <= slack * maxDepth &&
    aliases <= slack * maxAliases &&
    selections <= slack * maxSelections &&
    cost <= slack * maxCost;
  return isFine ? undefined : 'The operation demands more than a gateway lets through';
}

/** Tokens of a document that are read at most. */
export const maxTokens = slack * defaultDemandLimits.maxTokens;

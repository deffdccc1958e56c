import type { SubnetClaim } from '../generated/types.ts';
import { forbidden, type Problem } from '../problem.ts';
import { jsonEqual } from '../schema/json.ts';
import { rangeProblems } from './range-rules.ts';

/** A claim asks for a possible range, and for nothing else once it has one. */
export function admit(next: SubnetClaim, previous: SubnetClaim | undefined): Problem[] {
  const settled = previous?.status?.subnetRef !== undefined && !jsonEqual(next.spec, previous.spec);
  return [
    ...rangeProblems(next.spec),
    ...(settled ? [forbidden('spec', 'may not change after the claim got its subnet')] : []),
  ];
}

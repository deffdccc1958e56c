import type { Subnet } from '../generated/types.ts';
import { required, type Problem } from '../problem.ts';
import { growthProblems, rangeProblems } from './range-rules.ts';

/** A subnet has a possible range, which only grows once it is allocated. */
export function admit(next: Subnet, previous: Subnet | undefined): Problem[] {
  const { startAddress, prefixLength } = next.spec;
  const problems = rangeProblems(next.spec);
  if (startAddress !== undefined && prefixLength === undefined)
    problems.push(required('spec.prefixLength', 'startAddress needs it'));
  if (previous === undefined || problems.length > 0) return problems;
  return growthProblems(next.spec, previous.spec, previous.status);
}

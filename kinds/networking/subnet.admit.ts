import type { Subnet } from '../generated/types.ts';
import { forbidden, required, type Problem } from '../problem.ts';
import { rangeProblems } from './range-rules.ts';

/** A subnet has a possible range, which stays once it is allocated. */
export function admit(next: Subnet, previous: Subnet | undefined): Problem[] {
  const { startAddress, prefixLength } = next.spec;
  const problems = rangeProblems(next.spec);
  if (startAddress !== undefined && prefixLength === undefined)
    problems.push(required('spec.prefixLength', 'startAddress needs it'));
  if (previous?.status?.startAddress === undefined) return problems;
  const text = 'may not change after the range was allocated';
  if (startAddress !== previous.spec.startAddress) problems.push(forbidden('spec.startAddress', text));
  if (prefixLength !== previous.spec.prefixLength) problems.push(forbidden('spec.prefixLength', text));
  return problems;
}

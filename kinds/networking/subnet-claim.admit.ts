import type { Read } from '../admit.ts';
import type { SubnetClaim } from '../generated/types.ts';
import { keyOf } from '../object.ts';
import { forbidden, type Problem } from '../problem.ts';
import { jsonEqual } from '../schema/json.ts';
import { growthProblems, rangeProblems } from './range-rules.ts';

/** A claim asks for a possible range, and for nothing but a larger one once it has one. */
export async function admit(next: SubnetClaim, previous: SubnetClaim | undefined, read: Read): Promise<Problem[]> {
  const problems = rangeProblems(next.spec);
  const name = previous?.status?.subnetRef?.name;
  if (previous === undefined || name === undefined || jsonEqual(next.spec, previous.spec)) return problems;
  const { startAddress: _a, prefixLength: _p, ...rest } = next.spec;
  const { startAddress: _b, prefixLength: _q, ...before } = previous.spec;
  if (!jsonEqual(rest, before))
    return [...problems, forbidden('spec', 'may not change after the claim got its subnet')];
  const growth = growthProblems(next.spec, previous.spec, previous.status);
  if (problems.length > 0 || growth.length > 0) return [...problems, ...growth];
  const subnet = await read.get('Subnet', { namespace: keyOf(next).namespace, name });
  const isOwn = subnet?.metadata.ownerReferences?.some(({ uid }) => uid === next.metadata.uid);
  return isOwn ? [] : [forbidden('spec.prefixLength', `Subnet ${name} was not made for the claim: grow the subnet`)];
}

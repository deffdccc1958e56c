import type { Organization } from '../generated/types.ts';
import { labelFault } from '../name-rules.ts';
import { invalid, type Problem } from '../problem.ts';
import { heldBy, ownerProblems, ownFinalizers, withOwners } from './owner-rules.ts';

/** Fills in the owner, and holds a new one for its controller. */
export function prepare(next: Organization, previous: Organization | undefined, writer: string): Organization {
  return heldBy(withOwners(next, previous, writer), previous, ownFinalizers.organization);
}

/** Name and owners. */
export function admit(next: Organization): Problem[] {
  const { name } = next.metadata;
  const fault = labelFault(name);
  return [...(fault === undefined ? [] : [invalid('metadata.name', name, fault)]), ...ownerProblems(next)];
}

import type { Read, Rights } from '../admit.ts';
import type { Project } from '../generated/types.ts';
import { labelFault } from '../name-rules.ts';
import { forbidden, invalid, notFound, type Problem } from '../problem.ts';
import { heldBy, ownerProblems, ownFinalizers, withOwners } from './owner-rules.ts';
import { limitProblems } from './quota-rules.ts';

/** Fills in the owner, and holds a new one for its controller. */
export function prepare(next: Project, previous: Project | undefined, writer: string): Project {
  return heldBy(withOwners(next, previous, writer), previous, ownFinalizers.project);
}

/** Name, owners and limits; an organization has to exist, and be one that the writer may put projects into. */
export async function admit(
  next: Project,
  previous: Project | undefined,
  read: Read,
  rights: Rights,
): Promise<Problem[]> {
  const { name } = next.metadata;
  // The name is a part of paths and of host names.
  const fault = labelFault(name);
  return [
    ...(fault === undefined ? [] : [invalid('metadata.name', name, fault)]),
    ...ownerProblems(next),
    ...limitProblems('spec.quotas', next.spec?.quotas, 'Cluster'),
    ...(await organizationProblems(next, previous, read, rights)),
  ];
}

async function organizationProblems(
  { spec }: Project,
  previous: Project | undefined,
  read: Read,
  rights: Rights,
): Promise<Problem[]> {
  const name = spec?.organization?.name;
  if (name === undefined || name === previous?.spec?.organization?.name) return [];
  const path = 'spec.organization.name';
  // Who may not use an organization does not learn whether it exists.
  if (!rights.may({ verb: 'use', group: 'resourcemanager.datumapis.com', resource: 'organizations', name }))
    return [forbidden(path, 'permission to use the organization was denied')];
  const organization = await read.get('Organization', { namespace: '', name });
  if (organization === undefined) return [notFound(path, name)];
  return organization.metadata.deletionTimestamp === undefined
    ? []
    : [invalid(path, name, 'the organization is being deleted')];
}

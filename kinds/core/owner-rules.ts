import type { Subject } from '../generated/types.ts';
import type { ObjectMeta } from '../object.ts';
import { invalid, notSupported, type Problem } from '../problem.ts';
import { isObject } from '../schema/json.ts';
import { subjectProblems, subjectWithGroup } from './rbac-rules.ts';

/** What organizations and projects have in common. */
interface Owned {
  readonly spec?: { readonly owners?: Subject[] };
}

const kinds = ['User', 'Group'];

/** Finalizers of new ones, by which their controllers take down what belongs to them. */
export const ownFinalizers = {
  organization: 'resourcemanager.datumapis.com/organization-controller',
  project: 'resourcemanager.datumapis.com/project-controller',
} as const;

/** A new object with a finalizer: its controller may come later than its deletion. */
export function heldBy<T extends { readonly metadata: ObjectMeta }>(
  next: T,
  previous: T | undefined,
  finalizer: string,
): T {
  const { finalizers = [] } = next.metadata;
  // What has the wrong shape is left for the schema to refuse.
  if (previous !== undefined || !Array.isArray(finalizers) || finalizers.includes(finalizer)) return next;
  return { ...next, metadata: { ...next.metadata, finalizers: [...finalizers, finalizer] } };
}

/**
 * The object with owners: those that were there before where none are named, and on create the writer. Programs of the
 * product itself and service accounts, which are somebody in one project only, do not come to own anything so.
 */
export function withOwners<T extends Owned>(next: T, previous: T | undefined, writer: string): T {
  const spec = next.spec ?? {};
  // What has the wrong shape is left for the schema to refuse.
  if (!isObject(spec)) return next;
  const owners: unknown = spec.owners ?? previous?.spec?.owners ?? ownersOf(previous, writer);
  if (owners === undefined) return next;
  return { ...next, spec: { ...spec, owners: Array.isArray(owners) ? owners.map(subjectWithGroup) : owners } };
}

function ownersOf(previous: Owned | undefined, writer: string): Subject[] | undefined {
  if (previous !== undefined || writer === '' || writer.startsWith('system:')) return undefined;
  return [{ kind: 'User', name: writer }];
}

/** What breaks the rules on owners: users and groups, that are somebody in every project. */
export function ownerProblems({ spec }: Owned): Problem[] {
  return (spec?.owners ?? []).flatMap((owner, index) => {
    const path = `spec.owners[${index}]`;
    if (!kinds.includes(owner.kind)) return [notSupported(`${path}.kind`, owner.kind, kinds)];
    // Everybody who is anybody would be an administrator.
    if (owner.kind === 'Group' && everybody.includes(owner.name))
      return [invalid(`${path}.name`, owner.name, 'everybody cannot own it')];
    return subjectProblems(path, owner, 'Cluster');
  });
}

const everybody = ['system:authenticated', 'system:unauthenticated'];

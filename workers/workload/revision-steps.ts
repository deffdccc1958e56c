import type { ControllerRevision, Workload } from '../../kinds/generated/types.ts';
import { templateHashLabel } from '../objects/labels.ts';
import { isDeleting } from '../objects/owner.ts';

/** Revisions of a workload that are kept, the current ones among them. */
const keptRevisions = 10;

export interface RevisionSteps {
  /** The revision of the workload's template, where there is one. */
  readonly current: ControllerRevision | undefined;
  /** Number that the revision of the workload's template must have; a template that comes again is the newest again. */
  readonly number: number;
  readonly remove: readonly ControllerRevision[];
}

/** What keeps the revisions of a workload whose template has this hash. `inUse` are hashes that must stay. */
export function revisionSteps(
  revisions: readonly ControllerRevision[],
  hash: string,
  inUse: ReadonlySet<string>,
): RevisionSteps {
  const newestFirst = revisions.filter((one) => !isDeleting(one)).toSorted((a, b) => b.revision - a.revision);
  const current = newestFirst.find((one) => hashIn(one) === hash);
  const [newest] = newestFirst;
  const number = newest === undefined ? 1 : newest === current ? current.revision : newest.revision + 1;
  const others = newestFirst.filter((one) => one !== current);
  const remove = others.slice(keptRevisions - 1).filter((one) => !inUse.has(hashIn(one) ?? ''));
  return { current, number, remove };
}

/** What a revision of a workload holds. */
export function revisionData({ spec }: Workload): ControllerRevision['data'] {
  return { spec: { template: spec.template } };
}

/** Hash of the template that a revision holds. */
function hashIn({ metadata }: ControllerRevision): string | undefined {
  return metadata.labels?.[templateHashLabel];
}

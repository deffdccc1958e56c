import type { ControllerRevision, InstanceTemplate } from '../generated/types.ts';
import { invalid, type Problem } from '../problem.ts';
import { isObject } from '../schema/json.ts';

/** The revision of that number, or for 0 the one before the newest; undefined where there is none. */
export function revisionToTake(
  revisions: readonly ControllerRevision[],
  wanted: number,
): ControllerRevision | undefined {
  const newestFirst = revisions.toSorted((a, b) => b.revision - a.revision);
  return wanted === 0 ? newestFirst[1] : newestFirst.find(({ revision }) => revision === wanted);
}

/** The template that a revision of a workload holds. */
export function templateIn({ data }: ControllerRevision): InstanceTemplate | undefined {
  const spec = isObject(data) ? data['spec'] : undefined;
  const template = isObject(spec) ? spec['template'] : undefined;
  // What the controller put there was a valid template then, and data is immutable.
  return isObject(template) ? (template as unknown as InstanceTemplate) : undefined;
}

/** A way back to a revision that is not there is refused, with those that are. */
export function rollbackProblems(path: string, revisions: readonly ControllerRevision[], wanted: number): Problem[] {
  if (revisionToTake(revisions, wanted) !== undefined) return [];
  const known = revisions.map(({ revision }) => revision).toSorted((a, b) => a - b);
  const detail = known.length < 2 ? 'there is no earlier revision' : `there are the revisions ${known.join(', ')}`;
  return [invalid(path, wanted, detail)];
}

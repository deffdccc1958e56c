import type { ControllerRevision, InstanceTemplate } from '../generated/types.ts';
import { invalid, type Problem } from '../problem.ts';
import { facts } from '../registry.ts';
import { check } from '../schema/compile.ts';
import { isObject } from '../schema/json.ts';
import type { Schema } from '../schema/schema.ts';

/** The revision of that number, or for 0 the one before the newest; undefined where there is none. */
export function revisionToTake(
  revisions: readonly ControllerRevision[],
  wanted: number,
): ControllerRevision | undefined {
  const newestFirst = revisions.toSorted((a, b) => b.revision - a.revision);
  return wanted === 0 ? newestFirst[1] : newestFirst.find(({ revision }) => revision === wanted);
}

/**
 * Those that a way back may lead to by the time it is gone. The template that the workload has now may become the newest
 * revision meanwhile, and then the one that is the newest now is the one before it.
 */
export function revisionsInReach(
  revisions: readonly ControllerRevision[],
  wanted: number,
): readonly ControllerRevision[] {
  if (wanted === 0) return revisions.toSorted((a, b) => b.revision - a.revision).slice(0, 2);
  return revisions.filter(({ revision }) => revision === wanted);
}

/** The template that a revision of a workload holds; undefined where it holds none, since others may make revisions, too. */
export function templateIn({ data }: ControllerRevision): InstanceTemplate | undefined {
  const spec = isObject(data) ? data['spec'] : undefined;
  const template = isObject(spec) ? spec['template'] : undefined;
  if (!isObject(template) || check(templateSchema, { template }).problems.length > 0) return undefined;
  return template as unknown as InstanceTemplate;
}

const templateSchema = schemaOfTemplate();

/** What the kind says of `spec.template`, as a field, so that it must be there. */
function schemaOfTemplate(): Schema {
  const template = facts.kinds.find(({ id }) => id === 'Workload')?.schema.properties?.['spec']?.properties?.[
    'template'
  ];
  if (template === undefined) throw new Error('workloads have no template');
  return { type: 'object', properties: { template }, required: ['template'] };
}

/** A way back to a revision that is not there is refused, with those that are. */
export function rollbackProblems(path: string, revisions: readonly ControllerRevision[], wanted: number): Problem[] {
  if (revisionToTake(revisions, wanted) !== undefined) return [];
  const known = revisions.map(({ revision }) => revision).toSorted((a, b) => a - b);
  const detail = known.length < 2 ? 'there is no earlier revision' : `there are the revisions ${known.join(', ')}`;
  return [invalid(path, wanted, detail)];
}

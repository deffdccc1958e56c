import type { ControllerRevision } from '../generated/types.ts';
import { invalid, type Problem } from '../problem.ts';
import { jsonEqual } from '../schema/json.ts';

/** A revision is what was: only its number may rise. */
export function admit(next: ControllerRevision, previous: ControllerRevision | undefined): Problem[] {
  return [
    ...(next.revision >= 0 ? [] : [invalid('revision', next.revision, 'must be greater than or equal to 0')]),
    ...(previous === undefined || jsonEqual(next.data, previous.data)
      ? []
      : [invalid('data', next.data, 'field is immutable')]),
  ];
}

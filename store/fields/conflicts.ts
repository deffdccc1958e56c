import { type FieldConflict, StoreError } from '../errors.ts';
import type { HeldFields } from './apply-fields.ts';
import { pathsOf } from './field-set.ts';

/** The refusal of an apply, in Kubernetes' words, managers in the order of their names. */
export function conflictError(held: readonly HeldFields[], object: StoreError['object']): StoreError {
  const conflicts = held
    .toSorted((a, b) => (a.id.manager < b.id.manager ? -1 : 1))
    .flatMap(({ id, fields }) =>
      pathsOf(fields).map((path): FieldConflict => ({
        manager: id.manager,
        operation: id.operation,
        apiVersion: id.apiVersion,
        ...(id.subresource === undefined ? {} : { subresource: id.subresource }),
        path,
      })),
    );
  return new StoreError('ApplyConflict', messageOf(conflicts), { conflicts, object });
}

/** Who holds the field of a conflict: `"m" with subresource "status" using v1`. */
export function holderOf({ manager, operation, apiVersion, subresource }: FieldConflict): string {
  const part = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function messageOf(conflicts: readonly FieldConflict[]): string {
  const [first, ...more] = conflicts;
  if (first !== undefined && more.length === 0)
    return `Apply failed with 1 conflict: conflict with ${holderOf(first)}: ${first.path}`;
  const lines: string[] = [];
  for (const conflict of conflicts) {
    const heading = `conflicts with ${holderOf(conflict)}:`;
    if (!lines.includes(heading)) lines.push(heading);
    lines.push(`- ${conflict.path}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

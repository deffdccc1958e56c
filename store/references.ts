import type { Kind, Reference } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';

const stepsOf = new WeakMap<Reference, string[]>();

/** What an object refers to through its fields with @ref, each once, as `Kind/namespace/name`. */
export function referencesOf(kind: Kind, object: Resource): string[] {
  const found = new Set<string>();
  const own = object.metadata.namespace ?? '';
  for (const reference of kind.references) {
    let steps = stepsOf.get(reference);
    if (steps === undefined) stepsOf.set(reference, (steps = reference.path.split('.')));
    collect(object, steps, 0, (value) => {
      const name = reference.form === 'name' ? value : (value as { name?: unknown }).name;
      const namespace = reference.form === 'name' ? own : ((value as { namespace?: unknown }).namespace ?? own);
      if (typeof name === 'string' && name !== '') found.add(`${reference.kind}/${String(namespace)}/${name}`);
    });
  }
  return [...found];
}

/** Visits every value at a path whose steps are field names, with `[]` behind those that hold lists. */
function collect(value: unknown, steps: readonly string[], at: number, visit: (value: unknown) => void): void {
  if (value === undefined || value === null) return;
  const step = steps[at];
  if (step === undefined) return visit(value);
  if (typeof value !== 'object') return;
  const isList = step.endsWith('[]');
  const next = (value as Record<string, unknown>)[isList ? step.slice(0, -2) : step];
  if (!isList) return collect(next, steps, at + 1, visit);
  if (Array.isArray(next)) for (const item of next) collect(item, steps, at + 1, visit);
}

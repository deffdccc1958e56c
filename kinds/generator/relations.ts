import type { Reference } from '../kind.ts';
import type { KindModel, Model, Ref } from './model.ts';
import { objectOf } from './model.ts';

/** Every field of a kind that names an object of another, in the order of the SDL. */
export function referencesOf(model: Model, kind: KindModel): Reference[] {
  const found: Reference[] = [];
  const visit = (typeName: string, prefix: string): void => {
    for (const field of objectOf(model, typeName).fields) {
      if (field.name === 'metadata' && prefix === '') continue;
      const path = `${prefix}${field.name}${field.list ? '[]' : ''}`;
      if (field.ref && (field.ref.holders?.includes(kind.name) ?? true)) {
        found.push(referenceOf(model, kind, field.ref, path, field.category === 'object' ? 'object' : 'name'));
      }
      if (field.category === 'object') visit(field.type, `${path}.`);
    }
  };
  visit(kind.name, '');
  return found;
}

function referenceOf(model: Model, kind: KindModel, ref: Ref, path: string, form: Reference['form']): Reference {
  if (!model.kinds.some((other) => other.name === ref.kind))
    throw new Error(`${kind.name}: ${path} refers to ${ref.kind}, which is no kind`);
  if (ref.field === undefined) return { path, kind: ref.kind, form };
  return { path, kind: ref.kind, form, field: ref.field, inverse: ref.inverse ?? kind.pluralField };
}

import type { EnumModel, FieldModel, Model, ObjectModel } from '../model.ts';
import { objectOf } from '../model.ts';
import { block, field } from './print.ts';

/** Metadata that every stored object has, though a new one need not bring it. */
export const alwaysPresent: readonly string[] = ['name', 'uid', 'resourceVersion', 'creationTimestamp'];
/** Metadata that the server alone writes. */
const serverOnly = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
];
/** Metadata that is fixed for life, besides what the server writes. */
const fixed = ['name', 'generateName', 'namespace'];
export const maps: readonly string[] = ['StringMap', 'BytesMap', 'QuantityMap'];

export type Twin = 'Input' | 'Patch';

/** Names of the types that the API of some kinds reaches: in answers, in new objects, in merges. */
export interface ValueTypes {
  readonly output: ReadonlySet<string>;
  readonly input: ReadonlySet<string>;
  readonly patch: ReadonlySet<string>;
}

/** Collects what kinds reach. */
export function valueTypes(model: Model, kinds: readonly string[]): ValueTypes {
  const output = new Set<string>();
  const input = new Set<string>();
  const patch = new Set<string>();
  const visit = (
    seen: Set<string>,
    name: string,
    fields: (object: ObjectModel) => readonly FieldModel[],
    next: (field: FieldModel) => void,
  ): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const object = model.objects.get(name);
    if (object !== undefined) fields(object).forEach(next);
  };
  const visitOutput = (name: string): void =>
    visit(
      output,
      name,
      (object) => object.fields,
      ({ type }) => visitOutput(type),
    );
  const visitInput = (name: string): void =>
    visit(
      input,
      name,
      (object) => writable(model, object, 'Input'),
      ({ type }) => visitInput(type),
    );
  const visitPatch = (name: string): void =>
    visit(
      patch,
      name,
      (object) => writable(model, object, 'Patch'),
      ({ type, list }) => (list ? visitInput(type) : visitPatch(type)),
    );
  for (const kind of kinds) {
    visitOutput(kind);
    visitInput(kind);
    visitPatch(kind);
  }
  return { output, input, patch };
}

/** Field lines of a type as it is answered. */
export function outputFields(object: ObjectModel): string[] {
  return object.fields.map((each) => {
    const present = each.required || (object.name === 'ObjectMeta' && alwaysPresent.includes(each.name));
    return field(`${each.name}: ${typeOf(each, each.type)}${present ? '!' : ''}`, each.description);
  });
}

/** A value type as it is answered. */
export function outputType(object: ObjectModel, shareable: boolean): string {
  return block(`type ${object.name}${shareable ? ' @shareable' : ''}`, outputFields(object), object.description);
}

/** The twin of a type for new objects. */
export function inputType(model: Model, object: ObjectModel): string {
  const fields = writable(model, object, 'Input').map((each) => {
    // What the store fills in need not be said.
    const required = each.required && each.default?.stored !== true;
    return field(`${each.name}: ${typeOf(each, twin(each, 'Input'))}${required ? '!' : ''}`, each.description);
  });
  return block(`input ${object.name}Input`, fields, object.description);
}

/** The twin of a type for merging: absent keeps, null clears, lists are replaced. */
export function patchType(model: Model, object: ObjectModel): string {
  const fields = writable(model, object, 'Patch').map((each) => {
    const type = each.list ? twin(each, 'Input') : maps.includes(each.type) ? 'MapPatch' : twin(each, 'Patch');
    return field(`${each.name}: ${typeOf(each, type)}`, each.description);
  });
  return block(`input ${object.name}Patch`, fields, object.description);
}

/** An enum, as it is. */
export function enumType({ name, values, description }: EnumModel): string {
  return block(
    `enum ${name}`,
    values.map((value) => field(value.name, value.description)),
    description,
  );
}

/** Fields that a caller may write. */
export function writable(model: Model, object: ObjectModel, kind: Twin): readonly FieldModel[] {
  if (model.kinds.some(({ name }) => name === object.name))
    return object.fields.filter(({ name }) => name !== 'status');
  if (object.name !== 'ObjectMeta') return objectOf(model, object.name).fields;
  return object.fields.filter(({ name }) => !serverOnly.includes(name) && !(kind === 'Patch' && fixed.includes(name)));
}

function twin({ category, type }: FieldModel, kind: Twin): string {
  return category === 'object' ? `${type}${kind}` : type;
}

function typeOf({ list }: FieldModel, name: string): string {
  return list ? `[${name}!]` : name;
}

import { isObject, setOwn } from '../../kinds/schema/json.ts';
import { type Fields, hasChildren, isMember } from './field-set.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { freeShape } from './whole.ts';

const none: Fields = {};

/**
 * Removes the fields that were applied before (`last`) and that nobody has now (`held`). A list item goes as a whole,
 * before its keys, and an object goes with its last held field; what nobody ever applied goes only with that. Answers
 * undefined for what has become empty. The value is not touched.
 */
export function prune(shape: Shape, value: unknown, last: Fields, held: Fields): unknown {
  switch (shape.form) {
    case 'scalar':
    case 'atomic':
      return value;
    case 'map':
    case 'deduced':
      return isObject(value) ? pruneMap(shape, value, last, held) : value;
    case 'listMap':
    case 'set':
      return Array.isArray(value) ? pruneList(shape, value, last, held) : value;
  }
}

type Values = Readonly<Record<string, unknown>>;

function pruneMap(
  shape: MapShape | { form: 'deduced' },
  value: Values,
  last: Fields,
  held: Fields,
): Values | undefined {
  const pruned: Record<string, unknown> = {};
  let left = 0;
  for (const key of Object.keys(value)) {
    const field = shape.form === 'map' ? shape.fields.get(key) : undefined;
    const inner = field === undefined ? freeShape(shape) : field.shape;
    const element = field === undefined ? `f:${key}` : field.element;
    const before = last[element];
    const now = held[element];
    let kept = value[key];
    if (before !== undefined && inner !== undefined) {
      // A field that the schema names is held by whatever is held below it.
      const goes =
        field === undefined
          ? isMember(before) && !isMember(now)
          : now === undefined && !(field.always && isObject(kept));
      if (goes) kept = undefined;
      else if (hasChildren(before))
        kept = prune(inner, kept, before, now ?? none) ?? emptied(kept, field?.always === true || isMember(now));
    }
    if (kept === undefined) continue;
    setOwn(pruned, key, kept);
    left += 1;
  }
  return left > 0 || Object.keys(value).length === 0 ? pruned : undefined;
}

/** What is left of something that lost all its parts: nothing, unless it is there by itself. */
function emptied(value: unknown, stays: boolean): unknown {
  if (!stays) return undefined;
  return Array.isArray(value) ? [] : {};
}

function pruneList(shape: ListShape, value: readonly unknown[], last: Fields, held: Fields): unknown[] | undefined {
  const pruned = value.flatMap((item) => {
    const element = shape.elementOf(item);
    const before = element === undefined ? undefined : last[element];
    if (element === undefined || before === undefined) return [item];
    const now = held[element];
    if (isMember(before) && !isMember(now)) return [];
    const kept = hasChildren(before) ? prune(shape.item, item, before, now ?? none) : item;
    return kept === undefined ? [] : [kept];
  });
  return pruned.length > 0 || value.length === 0 ? pruned : undefined;
}

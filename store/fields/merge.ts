import { isObject, setOwn } from '../../kinds/schema/json.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { freeShape } from './whole.ts';

/**
 * The live value with the applied one laid over it: objects and keyed lists part by part, sets joined, all else replaced.
 * Applied items keep their order, items of others their place between them. Neither value is touched; parts are shared.
 */
export function merge(shape: Shape, live: unknown, applied: unknown): unknown {
  if (applied === undefined || applied === live) return live;
  if (live === undefined) return applied;
  switch (shape.form) {
    case 'scalar':
    case 'atomic':
      return applied;
    case 'map':
    case 'deduced':
      if (isObject(live) && isObject(applied)) return mergeMap(shape, live, applied);
      return applied === null && isObject(live) && Object.keys(live).length > 0 && shape.form === 'map'
        ? live
        : applied;
    case 'listMap':
    case 'set':
      if (!Array.isArray(live)) return applied;
      if (!Array.isArray(applied)) return live.length > 0 ? live : applied;
      return mergeList(shape, live, applied);
  }
}

type Values = Readonly<Record<string, unknown>>;

function mergeMap(shape: MapShape | { form: 'deduced' }, live: Values, applied: Values): Values {
  const merged: Record<string, unknown> = { ...live };
  for (const key of Object.keys(applied)) {
    const field = shape.form === 'map' ? shape.fields.get(key) : undefined;
    const inner = field === undefined ? freeShape(shape) : field.shape;
    if (inner === undefined || field?.owned === false) continue;
    setOwn(merged, key, merge(inner, Object.hasOwn(live, key) ? live[key] : undefined, applied[key]));
  }
  return merged;
}

function mergeList(shape: ListShape, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const liveItems = new Map(live.map((item) => [shape.elementOf(item), item]));
  const elements = applied.map((item) => shape.elementOf(item));
  const shared = elements.filter((element) => liveItems.has(element));
  const isApplied = new Set(elements);
  const merged: unknown[] = [];
  let next = 0;
  let nextShared = 0;
  const takeApplied = (end: number): void => {
    for (; next < end; next += 1) merged.push(merge(shape.item, liveItems.get(elements[next]), applied[next]));
  };
  for (const item of live) {
    const element = shape.elementOf(item);
    if (!isApplied.has(element)) merged.push(item);
    else if (element === shared[nextShared]) {
      takeApplied(elements.indexOf(element, next) + 1);
      nextShared += 1;
    }
  }
  takeApplied(applied.length);
  return merged;
}

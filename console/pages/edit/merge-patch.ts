type Values = Readonly<Record<string, unknown>>;

/** The merge patch that makes one value of another: what is absent stays, null takes away, lists are replaced. */
export function mergePatch(before: Values, after: Values): Record<string, unknown> {
  const patch: [string, unknown][] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, fresh] = [own(before, name), own(after, name)];
    if (fresh === undefined) patch.push([name, null]);
    else if (isValues(old) && isValues(fresh)) {
      const inside = mergePatch(old, fresh);
      if (Object.keys(inside).length > 0) patch.push([name, inside]);
    } else if (JSON.stringify(old) !== JSON.stringify(fresh)) patch.push([name, fresh]);
  }
  return Object.fromEntries(patch);
}

/** A value with a merge patch applied. */
export function patched(value: Values, patch: Values): Record<string, unknown> {
  const result = new Map(Object.entries(value));
  for (const [name, fresh] of Object.entries(patch)) {
    if (fresh === null) result.delete(name);
    else {
      const old = result.get(name);
      result.set(name, isValues(fresh) ? patched(isValues(old) ? old : {}, fresh) : fresh);
    }
  }
  return Object.fromEntries(result);
}

/** Paths that both patches touch, one way or the other: `spec.mtu`. */
export function clashes(mine: Values, theirs: Values, path = ''): string[] {
  return Object.keys(mine).flatMap((name) => {
    const [own1, own2] = [own(mine, name), own(theirs, name)];
    if (own2 === undefined) return [];
    const at = path === '' ? name : `${path}.${name}`;
    if (isValues(own1) && isValues(own2)) return clashes(own1, own2, at);
    return JSON.stringify(own1) === JSON.stringify(own2) ? [] : [at];
  });
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

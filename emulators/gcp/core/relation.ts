/** A many-to-many relation that can be asked from its right side: who refers to this? */
export interface Relation {
  add(left: string, right: string): void;
  remove(left: string, right: string): void;
  lefts(right: string): ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function createRelation(): Relation {
  const leftsOf = new Map<string, Set<string>>();
  return {
    add(left, right) {
      const lefts = leftsOf.get(right);
      if (lefts === undefined) leftsOf.set(right, new Set([left]));
      else lefts.add(left);
    },
    remove(left, right) {
      const lefts = leftsOf.get(right);
      lefts?.delete(left);
      if (lefts?.size === 0) leftsOf.delete(right);
    },
    lefts: (right) => leftsOf.get(right) ?? NONE,
  };
}

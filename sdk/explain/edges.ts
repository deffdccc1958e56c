import type { Kind } from '../client/kind.ts';

/** Relations that lead to what may hold an object back, besides what it owns and what it names. */
const more: Readonly<Record<string, readonly string[]>> = {
  NetworkContext: ['claims', 'subnets'],
};

/** Kinds that are looked through even when they are ready: what waits on the other side of them names them, not the reverse. */
const transparent = ['NetworkBinding', 'NetworkContext'];

/** Relations to follow from an object. */
export function edgesOf(kind: Kind, isGated: boolean): string[] {
  const own = Object.entries(kind.relations).flatMap(([field, relation]) =>
    /^(owned|reference|references) /.test(relation) ? [field] : [],
  );
  // A gate is taken off by the deployment, when the networks that it has bound are there.
  const gate = isGated && Object.hasOwn(kind.relations, 'deployment') ? ['deployment'] : [];
  return [...own, ...(more[kind.type] ?? []), ...gate];
}

/** Whether what lies behind an object of this kind matters though the object is ready. */
export function isTransparent(type: string): boolean {
  return transparent.includes(type);
}

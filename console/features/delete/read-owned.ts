import type { Datum } from '../../../sdk/main.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { kindOfType, type KnownKind } from '../../catalog/known-kinds.ts';

/** Objects that go with one that is deleted: those that it owns, and so on. */
export interface Owned {
  readonly kind: string;
  readonly names: readonly string[];
  /** Whether there are more than are named. */
  readonly isCut: boolean;
}

/** Objects that one relation is followed to, and levels that are looked into. */
const maxObjects = 100;
const maxDepth = 4;

/** What goes along when an object is deleted, by kind, from near to far. Objects that the caller may not see are not among it. */
export async function readOwned(
  client: Datum,
  known: KnownKind,
  object: AnyObject,
  signal: AbortSignal,
): Promise<Owned[]> {
  const found = new Map<string, { names: Set<string>; isCut: boolean }>();

  async function look(of: KnownKind, { metadata }: AnyObject, depth: number): Promise<void> {
    const relations = Object.entries(of.kind.relations).flatMap(([field, text]) => {
      const [how, to = ''] = text.split(' ');
      return how === 'owned' ? [[field, to] as const] : [];
    });
    if (relations.length === 0 || depth > maxDepth) return;
    const nodes = { kind: true, metadata: { name: true, namespace: true, uid: true, resourceVersion: true } };
    const pages = relations.map(([field]) => [
      field,
      { $: { first: maxObjects }, nodes, pageInfo: { hasNextPage: true } },
    ]);
    const answer = await client.resource(of.kind).find({
      namespace: of.facts.namespaced ? metadata.namespace : undefined,
      name: metadata.name,
      select: { kind: true, ...Object.fromEntries(pages) },
      signal,
    });
    for (const [field, to] of relations) {
      const page = answer?.[field] as OwnedPage | undefined;
      const target = kindOfType(to);
      if (page === undefined || target === undefined || page.nodes.length === 0) continue;
      const entry = found.get(to) ?? { names: new Set<string>(), isCut: false };
      found.set(to, entry);
      entry.isCut ||= page.pageInfo.hasNextPage;
      for (const each of page.nodes) entry.names.add(each.metadata.name);
      await Promise.all(page.nodes.map(async (each) => look(target, each, depth + 1)));
    }
  }

  await look(known, object, 1);
  return [...found].map(([kind, { names, isCut }]) => ({ kind, names: [...names].toSorted(), isCut }));
}

interface OwnedPage {
  readonly nodes: readonly AnyObject[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

import { readFileSync } from 'node:fs';
import type { Facts } from './generator/facts.ts';
import type { Kind } from './kind.ts';
import { apiVersionOf } from './kind.ts';

/** The kinds that a running product knows. Kinds that users define come and go; ours are there from the start. */
export interface Registry {
  /** Kind by id, or undefined. */
  byId(id: string): Kind | undefined;
  /** Kind by id. Throws when there is none: for ids that our own code names. */
  get(id: string): Kind;
  /** Kind by group (empty for core) and plural: the way Kubernetes paths name it. */
  byGroupResource(group: string, plural: string): Kind | undefined;
  /** Kind by `apiVersion` and `kind` of a manifest. */
  byManifest(apiVersion: string, name: string): Kind | undefined;
  /** All kinds, sorted by id. */
  all(): readonly Kind[];
  /** Adds a kind, or replaces the one with its id. Throws when another kind has its group and plural. */
  add(kind: Kind): void;
  /** Removes a kind; answers whether it was there. */
  remove(id: string): boolean;
}

/** A registry of these kinds. */
export function createRegistry(kinds: readonly Kind[]): Registry {
  const byId = new Map<string, Kind>();
  const byResource = new Map<string, Kind>();
  const byManifest = new Map<string, Kind>();
  let sorted: readonly Kind[] | undefined;

  const remove = (id: string): boolean => {
    const kind = byId.get(id);
    if (kind === undefined) return false;
    byId.delete(id);
    byResource.delete(`${kind.group}/${kind.plural}`);
    byManifest.delete(`${apiVersionOf(kind)} ${kind.name}`);
    sorted = undefined;
    return true;
  };
  const add = (kind: Kind): void => {
    const holder = byResource.get(`${kind.group}/${kind.plural}`);
    if (holder !== undefined && holder.id !== kind.id)
      throw new Error(`${holder.id} is already served as ${kind.plural}.${kind.group}`);
    remove(kind.id);
    byId.set(kind.id, kind);
    byResource.set(`${kind.group}/${kind.plural}`, kind);
    byManifest.set(`${apiVersionOf(kind)} ${kind.name}`, kind);
    sorted = undefined;
  };
  kinds.forEach(add);

  return {
    byId: (id) => byId.get(id),
    get(id) {
      const kind = byId.get(id);
      if (kind === undefined) throw new Error(`No kind ${id}`);
      return kind;
    },
    byGroupResource: (group, plural) => byResource.get(`${group}/${plural}`),
    byManifest: (apiVersion, name) => byManifest.get(`${apiVersion} ${name}`),
    all: () => (sorted ??= [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    add,
    remove,
  };
}

/** What the SDL of the kinds says, as generated. */
export const facts: Facts = JSON.parse(readFileSync(new URL('generated/facts.json', import.meta.url), 'utf8')) as Facts;

/** A registry of the kinds that the product brings along. */
export function builtInRegistry(): Registry {
  return createRegistry(facts.kinds);
}

/** The names in one collection (such as the instances of a zone), in order. */
export interface Collection {
  readonly size: number;
  add(name: string): void;
  remove(name: string): void;
  /** Sorted by name; made when asked for, kept until a name comes or goes out of order. */
  sorted(): readonly string[];
}

export function createCollection(): Collection {
  const names = new Set<string>();
  let sorted: string[] | undefined = [];

  return {
    get size() {
      return names.size;
    },
    add(name) {
      if (names.has(name)) return;
      names.add(name);
      // Operations arrive in the order of their names, so this keeps their long lists sorted at no cost.
      if (sorted !== undefined && (sorted.length === 0 || (sorted.at(-1) ?? '') < name)) sorted.push(name);
      else sorted = undefined;
    },
    remove(name) {
      if (!names.delete(name)) return;
      if (sorted?.at(-1) === name) sorted.pop();
      else sorted = undefined;
    },
    sorted() {
      sorted ??= [...names].sort();
      return sorted;
    },
  };
}

/** Splits `projects/p/zones/z/instances/i` into its collection and its name. */
export function splitKey(key: string): { collection: string; name: string } {
  const slash = key.lastIndexOf('/');
  return { collection: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Keeps one `Collection` per collection path, dropping the empty ones. */
export interface Collections {
  readonly paths: Iterable<string>;
  add(key: string): void;
  remove(key: string): void;
  names(path: string): readonly string[];
}

export function createCollections(): Collections {
  const collections = new Map<string, Collection>();
  return {
    get paths() {
      return collections.keys();
    },
    add(key) {
      const { collection, name } = splitKey(key);
      let entry = collections.get(collection);
      if (entry === undefined) collections.set(collection, (entry = createCollection()));
      entry.add(name);
    },
    remove(key) {
      const { collection, name } = splitKey(key);
      const entry = collections.get(collection);
      entry?.remove(name);
      if (entry?.size === 0) collections.delete(collection);
    },
    names: (path) => collections.get(path)?.sorted() ?? [],
  };
}

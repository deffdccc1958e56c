/** The keys in one collection (such as the instances of a zone), in order. */
export interface Collection {
  readonly size: number;
  add(key: string): void;
  remove(key: string): void;
  /** Sorted; made when asked for, kept until a key comes or goes out of order. */
  sorted(): readonly string[];
}

export function createCollection(): Collection {
  const keys = new Set<string>();
  let sorted: string[] | undefined = [];

  return {
    get size() {
      return keys.size;
    },
    add(key) {
      if (keys.has(key)) return;
      keys.add(key);
      // Operations arrive in the order of their names, so this keeps their long lists sorted at no cost.
      if (sorted !== undefined && (sorted.length === 0 || (sorted.at(-1) ?? '') < key)) sorted.push(key);
      else sorted = undefined;
    },
    remove(key) {
      if (!keys.delete(key)) return;
      if (sorted?.at(-1) === key) sorted.pop();
      else sorted = undefined;
    },
    sorted() {
      sorted ??= [...keys].sort();
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
  /** The keys of a collection, sorted. It changes as the collection does: copy it to write meanwhile. */
  keys(path: string): readonly string[];
}

export function createCollections(): Collections {
  const collections = new Map<string, Collection>();
  return {
    get paths() {
      return collections.keys();
    },
    add(key) {
      const { collection } = splitKey(key);
      let entry = collections.get(collection);
      if (entry === undefined) collections.set(collection, (entry = createCollection()));
      entry.add(key);
    },
    remove(key) {
      const { collection } = splitKey(key);
      const entry = collections.get(collection);
      entry?.remove(key);
      if (entry?.size === 0) collections.delete(collection);
    },
    keys: (path) => collections.get(path)?.sorted() ?? [],
  };
}

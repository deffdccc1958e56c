/** Names of an event's fields: as stored, which is the core version, and at events.k8s.io. All others have one name. */
const renamed = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['count', 'deprecatedCount'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['source', 'deprecatedSource'],
  ['reportingComponent', 'reportingController'],
] as const;

/** Name at events.k8s.io by the name in the core version. */
export const newNames: ReadonlyMap<string, string> = new Map(renamed);

/** Name in the core version by the name at events.k8s.io. */
export const coreNames: ReadonlyMap<string, string> = new Map(renamed.map(([core, renewed]) => [renewed, core]));

/** The object with its own properties renamed; `prefix` stands before each name on both sides. */
export function renameKeys<T extends object>(object: T, names: ReadonlyMap<string, string>, prefix = ''): T {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const name = key.startsWith(prefix) ? names.get(key.slice(prefix.length)) : undefined;
      return [name === undefined ? key : prefix + name, value];
    }),
  ) as T;
}

/** A selector's path with its first step renamed. */
export function renamePath(path: string, names: ReadonlyMap<string, string>): string {
  const [first = '', ...rest] = path.split('.');
  return [names.get(first) ?? first, ...rest].join('.');
}

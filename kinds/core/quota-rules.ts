import { qualifiedNameFault } from '../name-rules.ts';
import { invalid, notSupported, type Problem } from '../problem.ts';
import { parseQuantity } from '../quantity.ts';
import { facts } from '../registry.ts';
import type { Kind } from '../kind.ts';

/** Amounts that a limit can name besides numbers of objects. `cpu` is in cores, `memory` in bytes. */
const measures = ['machines', 'cpu', 'memory', 'addresses'] as const;

/** An amount that is no number of objects. */
export type Measure = (typeof measures)[number];

/** What a limit counts: the objects of a kind, or an amount that several kinds have. */
export type Counted =
  | { readonly by: 'objects'; readonly group: string; readonly plural: string }
  | { readonly by: 'measure'; readonly measure: Measure };

const countPrefix = 'count/';
const oneUnit = 1_000_000_000n;

/** What the limit of a name counts: `count/networks.networking.datumapis.com`, `secrets`, `cpu`; undefined for no limit. */
export function counted(name: string): Counted | undefined {
  const measure = measures.find((one) => one === name);
  if (measure !== undefined) return { by: 'measure', measure };
  if (!name.startsWith(countPrefix)) return isCorePlural(name) ? { by: 'objects', group: '', plural: name } : undefined;
  const resource = name.slice(countPrefix.length);
  // The key of a map as Kubernetes has it: one slash at most, 63 characters behind it.
  if (qualifiedNameFault(name) !== undefined) return undefined;
  const dot = resource.indexOf('.');
  return dot < 0
    ? { by: 'objects', group: '', plural: resource }
    : { by: 'objects', group: resource.slice(dot + 1), plural: resource.slice(0, dot) };
}

/** One name for what is counted, however limits name it. */
export function countName(what: Counted): string {
  return what.by === 'measure' ? what.measure : objectCountName(what);
}

/** The same for the objects of a kind. */
export function objectCountName({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return `${countPrefix}${plural}${group && `.${group}`}`;
}

function isCorePlural(name: string): boolean {
  return facts.kinds.some(({ group, plural }) => group === '' && plural === name);
}

/**
 * Limits that nothing could hold to: of what is not known, negative ones, parts of objects. With `scope` Namespaced, also of
 * kinds that are in no namespace.
 */
export function limitProblems(
  path: string,
  limits: Readonly<Record<string, string | number>> = {},
  scope: 'Namespaced' | 'Cluster',
): Problem[] {
  return Object.entries(limits).flatMap(([name, limit]) => {
    const at = `${path}[${name}]`;
    const what = counted(name);
    if (what === undefined || (what.by === 'objects' && !canBe(what, scope)))
      return [notSupported(at, name, supported(scope))];
    const amount = parseQuantity(limit);
    // A quantity that is none is found by the schema.
    if (amount === undefined) return [];
    if (amount < 0n) return [invalid(at, limit, 'must be greater than or equal to 0')];
    const whole = what.by === 'objects' || what.measure === 'machines' || what.measure === 'addresses';
    return whole && amount % oneUnit !== 0n ? [invalid(at, limit, 'must be an integer')] : [];
  });
}

/** Whether there can be objects of that kind. */
function canBe(what: { group: string; plural: string }, scope: 'Namespaced' | 'Cluster'): boolean {
  const kind = kindCounted(what);
  return kind !== undefined && (scope === 'Cluster' || kind.scope === 'Namespaced');
}

/** The kind whose objects are counted. */
export function kindCounted({ group, plural }: { readonly group: string; readonly plural: string }): Kind | undefined {
  return facts.kinds.find((kind) => kind.group === group && kind.plural === plural);
}

function supported(scope: 'Namespaced' | 'Cluster'): string[] {
  const kinds = facts.kinds.filter((kind) => scope === 'Cluster' || kind.scope === 'Namespaced');
  return [
    ...measures,
    ...kinds.filter(({ group }) => group === '').map(({ plural }) => plural),
    ...kinds.map(objectCountName),
  ].toSorted();
}

import { valuesAt } from '../../../sdk/printing/json-path.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { cellText, columnsOf } from '../../catalog/columns.ts';
import { healthOf, rankOf } from '../../catalog/health.ts';
import type { KindFacts } from '../../catalog/kind-facts.ts';

/** By which column rows are sorted. */
export interface Sort {
  readonly key: string;
  readonly isDescending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });
/** More rows than this are sorted by code points where the column says the same: that is ten times as fast. */
const manyRows = 1_000;
/** How severe the state of an object is, so that it is looked at once and not with each comparison. */
const severities = new WeakMap<AnyObject, number>();

/** The rows sorted by a column, and by name where that is the same. */
export function sortRows(
  rows: readonly AnyObject[],
  facts: KindFacts,
  { key, isDescending }: Sort,
): readonly AnyObject[] {
  const tie = rows.length > manyRows ? byCodePoints : byName;
  const by = comparison(facts, key) ?? tie;
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * by(a, b) || tie(a, b));
}

type Compare = (a: AnyObject, b: AnyObject) => number;

function comparison(facts: KindFacts, key: string): Compare | undefined {
  if (key === 'state') return (a, b) => severityOf(a) - severityOf(b);
  if (key === 'namespace') return (a, b) => collator.compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '');
  const column = columnsOf(facts).find(({ name }) => name === key);
  if (column === undefined) return undefined;
  if (column.type === 'date') {
    // The youngest has the smallest age.
    const at = (row: AnyObject): string => String(valuesAt(row, column.jsonPath)[0] ?? '');
    return (a, b) => compareTexts(at(b), at(a));
  }
  return (a, b) => collator.compare(cellText(a, column), cellText(b, column));
}

function severityOf(object: AnyObject): number {
  const known = severities.get(object);
  if (known !== undefined) return known;
  const found = rankOf(healthOf(object).tone);
  severities.set(object, found);
  return found;
}

function byName(a: AnyObject, b: AnyObject): number {
  return (
    collator.compare(a.metadata.name, b.metadata.name) ||
    collator.compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  );
}

function byCodePoints({ metadata: a }: AnyObject, { metadata: b }: AnyObject): number {
  return compareTexts(a.namespace, b.namespace) || compareTexts(a.name, b.name);
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { valuesAt } from '../../../sdk/printing/json-path.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { cellText, columnsOf } from '../../catalog/columns.ts';
import { compareTones, healthOf } from '../../catalog/health.ts';
import type { KindFacts } from '../../catalog/kind-facts.ts';

/** By which column rows are sorted. */
export interface Sort {
  readonly key: string;
  readonly isDescending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });

/** The rows sorted by a column, and by name where that is the same. */
export function sortRows(
  rows: readonly AnyObject[],
  facts: KindFacts,
  { key, isDescending }: Sort,
): readonly AnyObject[] {
  const by = comparison(facts, key);
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * by(a, b) || byName(a, b));
}

function comparison(facts: KindFacts, key: string): (a: AnyObject, b: AnyObject) => number {
  if (key === 'state') return (a, b) => compareTones(healthOf(a).tone, healthOf(b).tone);
  if (key === 'namespace') return (a, b) => collator.compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '');
  const column = columnsOf(facts).find(({ name }) => name === key);
  if (column === undefined) return byName;
  if (column.type === 'date') {
    // The youngest has the smallest age.
    const at = (row: AnyObject): string => String(valuesAt(row, column.jsonPath)[0] ?? '');
    return (a, b) => (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : 0);
  }
  return (a, b) => collator.compare(cellText(a, column), cellText(b, column));
}

function byName(a: AnyObject, b: AnyObject): number {
  return (
    collator.compare(a.metadata.name, b.metadata.name) ||
    collator.compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  );
}

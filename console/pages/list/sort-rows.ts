import { valuesAt } from '../../../sdk/printing/json-path.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { cellText, columnsOf } from '../../catalog/columns.ts';
import { compareTones, healthOf } from '../../catalog/health.ts';
import type { KindFacts } from '../../catalog/kind-facts.ts';

interface SortOptions {
  readonly facts: KindFacts;
  /** Rows that have it in name, labels or a cell, in whatever case; empty: all. */
  readonly text: string;
  readonly key: string;
  readonly isDescending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });

/** The rows that have a text, sorted by a column, and by name where that is the same. */
export function sortRows(rows: readonly AnyObject[], options: SortOptions): readonly AnyObject[] {
  const { facts, text, key, isDescending } = options;
  const wanted = text.trim().toLowerCase();
  const found = wanted === '' ? rows : rows.filter((row) => textOf(row, facts).includes(wanted));
  const by = comparison(facts, key);
  const sign = isDescending ? -1 : 1;
  return found.toSorted((a, b) => sign * by(a, b) || byName(a, b));
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

function textOf(row: AnyObject, facts: KindFacts): string {
  const labels = Object.entries(row.metadata.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const cells = columnsOf(facts).map((column) => cellText(row, column));
  return [row.metadata.name, row.metadata.namespace, ...labels, ...cells].join('\n').toLowerCase();
}

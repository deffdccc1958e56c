import { ageOf } from '../../printing/age.ts';
import { valuesAt } from '../../printing/json-path.ts';
import type { Column, Printing } from '../../printing/printing.ts';

export interface TableOptions {
  readonly wide: boolean;
  /** Whether objects of several namespaces are shown. */
  readonly withNamespace: boolean;
}

/** Head and cells of a table of objects of one kind. */
export interface Table {
  readonly head: readonly string[];
  row(object: object): string[];
}

const age: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', wide: false };

/** The table of a kind, as kubectl shows it. */
export function tableOf(printing: Printing | undefined, { wide, withNamespace }: TableOptions): Table {
  const own = printing?.columns ?? [];
  const columns = [...own, ...(own.some(({ name }) => name === 'Age') ? [] : [age])].filter(
    (column) => wide || !column.wide,
  );
  return {
    head: [...(withNamespace ? ['NAMESPACE'] : []), 'NAME', ...columns.map(({ name }) => name.toUpperCase())],
    row: (object) => [
      ...(withNamespace ? [cell(object, '.metadata.namespace', 'string')] : []),
      cell(object, '.metadata.name', 'string'),
      ...columns.map(({ jsonPath, type }) => cell(object, jsonPath, type)),
    ],
  };
}

function cell(object: object, path: string, type: string): string {
  const values = valuesAt(object, path).filter((value) => value !== undefined && value !== null);
  if (values.length === 0) return type === 'date' ? '<unknown>' : '';
  if (type === 'date') return ageOf(String(values[0]));
  return values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(',');
}

/** Rows in columns, three spaces apart. Widths never shrink below those given, so that later rows stay in line. */
export function align(rows: readonly (readonly string[])[], widths: number[] = []): string[] {
  for (const row of rows) row.forEach((text, column) => (widths[column] = Math.max(widths[column] ?? 0, text.length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

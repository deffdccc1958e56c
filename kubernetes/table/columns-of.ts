import type { Kind } from '../../kinds/kind.ts';
import type { Served } from '../served/served.ts';
import { builtInColumns } from './built-in-columns.ts';
import type { TableColumn } from './column.ts';
import { ageColumn, createdAtColumn, nameColumn } from './common-columns.ts';
import { pathColumn } from './path-column.ts';

const known = new WeakMap<Served, readonly TableColumn[]>();

/** All columns of a resource in their order; made once for each resource. */
export function columnsOf(served: Served): readonly TableColumn[] {
  let columns = known.get(served);
  if (columns === undefined) {
    columns =
      served.style === 'built-in'
        ? (builtInColumns(served) ?? [nameColumn, createdAtColumn])
        : [nameColumn, ...customColumns(served.stored?.columns ?? [])];
    known.set(served, columns);
  }
  return columns;
}

function customColumns(columns: Kind['columns']): TableColumn[] {
  return columns.length === 0 ? [ageColumn('date')] : columns.map(pathColumn);
}

import type { Resource } from '../../kinds/object.ts';

/** Head of a column, as it goes over the wire. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  /** `name` for the column that names the object. */
  readonly format: string;
  readonly description: string;
  /** Columns above 0 are shown only in wide output. */
  readonly priority: number;
}

/** A column of a table, and how its cells come about. */
export interface TableColumn {
  readonly definition: ColumnDefinition;
  /** `nowMs` is what ages are measured against. */
  readonly cell: (object: Resource, nowMs: number) => unknown;
}

import type { Resource } from '../../kinds/object.ts';
import type { Served } from '../served/served.ts';
import type { ColumnDefinition } from './column.ts';
import { columnsOf } from './columns-of.ts';
import { partialMetadata, type MetaVersion, type PartialMetadata } from './partial-metadata.ts';

/** What a row carries of its object. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Metadata of a list. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object: Resource | PartialMetadata | null;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: `meta.k8s.io/${MetaVersion}`;
  readonly metadata: ListMeta;
  /** Null in a watch after its first event. */
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[];
}

/** The table of these objects, as people see them who list them with kubectl. Ages are those of this moment. */
export function tableOf(
  served: Served,
  objects: readonly Resource[],
  {
    listMeta,
    include = 'Metadata',
    version = 'v1',
    withColumns = true,
  }: {
    readonly listMeta: ListMeta;
    readonly include?: IncludeObject;
    readonly version?: MetaVersion;
    readonly withColumns?: boolean;
  },
): Table {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: listMeta,
    columnDefinitions: withColumns ? columnDefinitions(served) : null,
    rows: objects.map((object) => tableRow(served, object, include, version)),
  };
}

/** Heads of the columns of a resource. */
export function columnDefinitions(served: Served): readonly ColumnDefinition[] {
  return columnsOf(served).map(({ definition }) => definition);
}

/** One row of a table. */
export function tableRow(served: Served, object: Resource, include: IncludeObject, version: MetaVersion): TableRow {
  const nowMs = Date.now();
  return {
    cells: columnsOf(served).map(({ cell }) => cell(object, nowMs)),
    object: included(object, include, version),
  };
}

function included(object: Resource, include: IncludeObject, version: MetaVersion): TableRow['object'] {
  switch (include) {
    case 'None':
      return null;
    case 'Metadata':
      return partialMetadata(object, version);
    case 'Object':
      return object;
    default:
      throw new Error(`No such part of an object: ${String(include satisfies never)}`);
  }
}

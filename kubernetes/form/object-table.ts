import type { Resource } from '../../kinds/object.ts';
import type { Served } from '../served/served.ts';
import { tableOf, type Table } from '../table/table.ts';
import type { Form } from './form.ts';

/** The table of one object. In a watch, whose events are such tables, only the first comes with columns. */
export function objectTable({ include, version }: Form, served: Served, object: Resource, withColumns: boolean): Table {
  const listMeta = { resourceVersion: object.metadata.resourceVersion };
  return tableOf(served, [object], { listMeta, include, version, withColumns });
}

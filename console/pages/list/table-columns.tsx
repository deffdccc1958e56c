import { Status } from '../../components/status.tsx';
import { Age } from '../../components/time.tsx';
import type { DataColumn } from '../../components/data-table.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import { cellText, columnsOf } from '../../catalog/columns.ts';
import { healthOf } from '../../catalog/health.ts';
import type { KindFacts } from '../../catalog/kind-facts.ts';
import { Link } from '../../routing/link.tsx';
import { pathOfObject } from '../../routing/paths.ts';
import { serverOrder, sortableSize } from './server-order.ts';

/** What the state says in one word already. */
const saidByState = /^\.status\.conditions\[\?\(@\.type=="(Ready|Available|Programmed)"\)\]\.(status|reason)$/;

interface TableOptions {
  readonly withNamespace: boolean;
  /** Whether rows may be sorted by any column. */
  readonly isSortable: boolean;
}

/** Columns of a kind's table: state and name, and those of the kind. */
export function tableColumns(facts: KindFacts, { withNamespace, isSortable }: TableOptions): DataColumn<AnyObject>[] {
  const hasState = facts.conditions.length > 0;
  const columns: DataColumn<AnyObject>[] = [
    {
      key: 'name',
      header: 'Name',
      width: 'minmax(14rem, 2fr)',
      cell: (row) => <Link to={pathOfObject(row)}>{row.metadata.name}</Link>,
    },
    ...(withNamespace
      ? [
          {
            key: 'namespace',
            header: 'Namespace',
            width: 'minmax(7rem, 0.8fr)',
            cell: (row: AnyObject) => row.metadata.namespace,
          },
        ]
      : []),
    ...(hasState
      ? [
          {
            key: 'state',
            header: 'State',
            width: 'minmax(11rem, 1.2fr)',
            cell: (row: AnyObject) => <State row={row} />,
          },
        ]
      : []),
    ...columnsOf(facts)
      .filter(({ jsonPath, wide }) => !wide && !(hasState && saidByState.test(jsonPath)))
      .map((column) => ({
        key: column.name,
        header: column.name,
        width: column.type === 'integer' || column.type === 'date' ? 'minmax(5.5rem, 0.5fr)' : 'minmax(8rem, 1fr)',
        cell: (row: AnyObject) =>
          column.type === 'date' ? <Age time={cellText(row, column) || undefined} /> : cellText(row, column),
      })),
  ];
  return columns.map((column) => ({
    ...column,
    ...(isSortable || serverOrder({ key: column.key, isDescending: false }) !== undefined
      ? {}
      : { unsortable: `Sorts lists of up to ${sortableSize.toLocaleString()}; filter to get there` }),
  }));
}

function State({ row }: { readonly row: AnyObject }) {
  const { condition, label, tone } = healthOf(row);
  return <Status tone={tone} label={label} title={condition?.message} />;
}

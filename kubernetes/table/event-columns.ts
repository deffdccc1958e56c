import type { Resource } from '../../kinds/object.ts';
import { ownValue } from '../../kinds/schema/json.ts';
import { age } from './age.ts';
import type { TableColumn } from './column.ts';
import { nameColumn } from './common-columns.ts';

/** Columns of events in both of their groups. Their name comes last and only in wide output. */
export const eventColumns: readonly TableColumn[] = [
  column('Last Seen', 'Time since it happened last.', (event, nowMs) => age(lastSeen(event), nowMs)),
  column('Type', 'Normal or Warning.', (event) => textAt(event, 'type')),
  column('Reason', 'Short word for why it happened.', (event) => textAt(event, 'reason')),
  column('Object', 'What it happened to.', target),
  column('Subobject', 'Part of the object.', (event) => textAt(regarding(event), 'fieldPath'), 1),
  column('Source', 'Who reports it.', source, 1),
  column('Message', 'What happened.', (event) => (textAt(event, 'message') || textAt(event, 'note')).trim()),
  column('First Seen', 'Time since it happened first.', (event, nowMs) => age(firstSeen(event), nowMs), 1),
  column('Count', 'How often it happened.', count, 1),
  { definition: { ...nameColumn.definition, format: '', priority: 1 }, cell: nameColumn.cell },
];

function column(name: string, description: string, cell: TableColumn['cell'], priority = 0): TableColumn {
  return { definition: { name, type: 'string', format: '', description, priority }, cell };
}

/** Text of a field; empty where there is none. */
function textAt(value: unknown, key: string): string {
  const found = ownValue(value, key);
  return typeof found === 'string' ? found : '';
}

// The two groups name the same fields differently.
function regarding(event: Resource): unknown {
  return ownValue(event, 'involvedObject') ?? ownValue(event, 'regarding');
}

function target(event: Resource): string {
  const name = textAt(regarding(event), 'name');
  const kind = textAt(regarding(event), 'kind').toLowerCase();
  return name === '' ? kind : `${kind}/${name}`;
}

function source(event: Resource): string {
  const old = ownValue(event, 'source') ?? ownValue(event, 'deprecatedSource');
  const component =
    textAt(old, 'component') || textAt(event, 'reportingComponent') || textAt(event, 'reportingController');
  const instance = textAt(old, 'host') || textAt(event, 'reportingInstance');
  return instance === '' ? component : `${component}, ${instance}`;
}

function firstSeen(event: Resource): unknown {
  return (
    ownValue(event, 'firstTimestamp') ?? ownValue(event, 'deprecatedFirstTimestamp') ?? ownValue(event, 'eventTime')
  );
}

function lastSeen(event: Resource): unknown {
  const observed = ownValue(ownValue(event, 'series'), 'lastObservedTime');
  return observed ?? ownValue(event, 'lastTimestamp') ?? ownValue(event, 'deprecatedLastTimestamp') ?? firstSeen(event);
}

function count(event: Resource): unknown {
  const series = ownValue(event, 'series');
  const times = series ? ownValue(series, 'count') : (ownValue(event, 'count') ?? ownValue(event, 'deprecatedCount'));
  return times || 1;
}

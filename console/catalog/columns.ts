import { valuesAt } from '../../sdk/printing/json-path.ts';
import type { Column } from '../../sdk/printing/printing.ts';
import type { AnyObject } from './any-object.ts';
import type { KindFacts } from './kind-facts.ts';

const age: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', wide: false };
const isAge = ({ jsonPath }: Column): boolean => jsonPath === age.jsonPath;

/** Columns of a kind's table behind the name: its own, and the age as the last. */
export function columnsOf({ columns }: KindFacts): Column[] {
  return [...columns.filter((column) => !isAge(column)), columns.find(isAge) ?? age].map((column) =>
    isAge(column) ? { ...column, name: 'Age' } : column,
  );
}

/** Text of a cell; of a time the time itself. Empty where the object has no such field. */
export function cellText(object: AnyObject, { jsonPath }: Column): string {
  return valuesAt(object, jsonPath)
    .filter((value) => value !== undefined && value !== null)
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(', ');
}

type Parts = { [field: string]: true | Parts };

/** What of each object a table needs: a part of it, since a list of thousands holds it all. */
export function selectionOfTable(facts: KindFacts): Parts {
  const parts: Parts = {
    apiVersion: true,
    kind: true,
    metadata: {
      name: true,
      ...(facts.namespaced ? { namespace: true } : {}),
      uid: true,
      resourceVersion: true,
      generation: true,
      creationTimestamp: true,
      deletionTimestamp: true,
      labels: true,
    },
    ...(facts.conditions.length > 0 ? { status: { conditions: true } } : {}),
  };
  for (const { jsonPath } of facts.columns) select(parts, fieldsOf(jsonPath));
  return parts;
}

/** The fields of a path down to its first list, of which all is taken. */
function fieldsOf(path: string): string[] {
  const [plain = ''] = path.split('[', 1);
  return plain.split('.').filter(Boolean);
}

function select(parts: Parts, [field, ...rest]: readonly string[]): void {
  if (field === undefined) return;
  const part = parts[field];
  if (part === true) return;
  if (rest.length === 0) parts[field] = true;
  else {
    const inside: Parts = part ?? {};
    parts[field] = inside;
    select(inside, rest);
  }
}

import type { Column } from '../../kinds/kind.ts';
import { age } from './age.ts';
import type { TableColumn } from './column.ts';
import { compileJsonPath } from './json-path.ts';

/** The column that a kind declares by a JSONPath. Its cells are null where there is nothing, or nothing of its type. */
export function pathColumn({ name, type, jsonPath, wide }: Column): TableColumn {
  const find = compileJsonPath(jsonPath);
  return {
    definition: {
      name,
      type,
      format: '',
      description: `Custom resource definition column (in JSONPath format): ${jsonPath}`,
      priority: wide ? 1 : 0,
    },
    cell: (object, nowMs) => cellOf(type, find(object), nowMs),
  };
}

function cellOf(type: Column['type'], value: unknown, nowMs: number): unknown {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? age(value, nowMs) : null;
    default:
      throw new Error(`No such column type: ${String(type satisfies never)}`);
  }
}

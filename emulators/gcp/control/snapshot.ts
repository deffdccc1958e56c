import type { Write } from '../core/database.ts';
import { TABLE_NAMES } from '../core/database.ts';
import type { World } from '../core/world.ts';

const FORMAT = 'gcp-emulator-snapshot-1';

/** All state at a moment, fit to be sent and brought back, also by another emulator. */
interface Snapshot {
  readonly format: typeof FORMAT;
  readonly atMs: number;
  readonly count: number;
  readonly rows: readonly Write[];
}

export function takeSnapshot({ database, clock }: World): Snapshot {
  const rows = TABLE_NAMES.flatMap((table) =>
    [...database.entries(table)].map(([key, row]): Write => [table, key, row]),
  );
  return { format: FORMAT, atMs: clock.now(), count: database.count, rows };
}

/** Makes the state what it was, time included. Throws an Error for what is no snapshot. */
export function restoreSnapshot({ database, clock }: World, given: unknown): void {
  const snapshot = given as Partial<Snapshot> | undefined;
  if (snapshot?.format !== FORMAT || !Array.isArray(snapshot.rows)) throw new Error(`not a snapshot of form ${FORMAT}`);
  const { rows, atMs = 0, count = 0 } = snapshot as Snapshot;
  database.transaction(() => {
    database.clear();
    for (const [table, key, row] of rows) if (row !== null) database.put(table, key, row);
  });
  database.load([], count);
  clock.set(atMs);
}

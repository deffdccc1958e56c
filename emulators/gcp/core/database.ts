import type { JsonObject } from './json.ts';

/** The emulator's whole state: a few tables of immutable rows. A row is replaced, never changed in place. */
interface Tables {
  resource: ResourceRow;
  operation: OperationRow;
  request: RequestRow;
  timer: TimerRow;
  setting: JsonObject;
}
type TableName = keyof Tables;
export const TABLE_NAMES = [
  'resource',
  'operation',
  'request',
  'timer',
  'setting',
] as const satisfies readonly TableName[];

export interface ResourceRow {
  /** Name in the registry of types. */
  readonly type: string;
  /** `creating` and `deleting` last as long as the operation that does it. */
  readonly phase: 'creating' | 'ready' | 'deleting';
  /** What GET returns. */
  readonly body: JsonObject;
  /** What GET must not return: secret payloads, policies, counters. */
  readonly hidden?: JsonObject;
}

export interface OperationError {
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number;
  /** As `errorDetails[]` shows them. */
  readonly details?: readonly JsonObject[];
}

/** Something that a caller should know of an operation that went well. */
export interface OperationWarning {
  readonly code: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, string>>;
}

export interface OperationRow {
  /** What it shows of itself while it runs, in percent; 0 when absent. */
  readonly progress?: number;
  /** From this virtual time on nobody finds it. */
  readonly vanishMs?: number;
  /** Who started it; absent for a caller that has no name. */
  readonly user?: string;
  readonly warnings?: readonly OperationWarning[];
  readonly id: string;
  readonly operationType: string;
  readonly targetKey: string;
  readonly targetId: string;
  readonly targetType: string;
  readonly insertMs: number;
  readonly startMs: number;
  /** Absent while the operation is in flight. */
  readonly endMs?: number;
  readonly clientOperationId?: string;
  readonly error?: OperationError;
  /** What the end of the operation does; absent once it is done. */
  readonly effect?: OperationEffect;
}

export interface OperationEffect {
  readonly action: 'insert' | 'delete' | 'mutate' | 'nothing';
  /** Which mutation of the target's type, for `mutate`. */
  readonly method?: string;
  readonly body?: JsonObject;
  /** What it makes shows only so much later, in virtual milliseconds. */
  readonly hiddenForMs?: number;
  /** The operation is bound to fail with this. */
  readonly failure?: OperationError;
}

interface RequestRow {
  readonly fingerprint: string;
  readonly operationKey: string;
  readonly atMs: number;
}

interface TimerRow {
  readonly atMs: number;
  /** A registered event, such as `operation.done` or `instances.running`. */
  readonly event: string;
  readonly key: string;
}

/** One row written (or deleted, when `null`): the unit of the journal. */
export type Write = readonly [table: TableName, key: string, row: Tables[TableName] | null];

type ChangeListener<T extends TableName> = (
  key: string,
  before: Tables[T] | undefined,
  after: Tables[T] | undefined,
) => void;

export interface Database {
  get<T extends TableName>(table: T, key: string): Tables[T] | undefined;
  put<T extends TableName>(table: T, key: string, row: Tables[T]): void;
  delete(table: TableName, key: string): void;
  entries<T extends TableName>(table: T): IterableIterator<[string, Tables[T]]>;
  size(table: TableName): number;
  /** Calls `listener` at every change, also when a change is taken back or loaded: how indexes are kept. */
  onChange<T extends TableName>(table: T, listener: ChangeListener<T>): void;
  /** Runs `work`; its writes are committed together, or taken back when it throws. Inner calls join the outer. */
  transaction<R>(work: () => R): R;
  /** A number never given before, also not before a restart. */
  nextCount(): number;
  readonly count: number;
  /** Takes in what a journal holds, without committing it again. */
  load(writes: Iterable<Write>, count: number): void;
  clear(): void;
}

/** An empty database; `commit` is called with the writes of each transaction, before its result is known outside. */
export function createDatabase(commit: (writes: readonly Write[], count: number) => void): Database {
  const tables = {
    resource: new Map<string, ResourceRow>(),
    operation: new Map<string, OperationRow>(),
    request: new Map<string, RequestRow>(),
    timer: new Map<string, TimerRow>(),
    setting: new Map<string, JsonObject>(),
  };
  type AnyListener = (key: string, before: unknown, after: unknown) => void;
  const listeners: Record<TableName, AnyListener[]> = {
    resource: [],
    operation: [],
    request: [],
    timer: [],
    setting: [],
  };
  let count = 0;
  let undo: Write[] | undefined;
  let writes: Write[] = [];

  const rowsOf = <T extends TableName>(table: T) => tables[table] as Map<string, Tables[T]>;
  const set = <T extends TableName>(table: T, key: string, row: Tables[T] | undefined) => {
    const rows = rowsOf(table);
    const before = rows.get(key);
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
    for (const listener of listeners[table]) listener(key, before, row);
    return before;
  };
  const write = <T extends TableName>(table: T, key: string, row: Tables[T] | undefined) => {
    if (undo === undefined) throw new Error(`write of ${table} ${key} outside a transaction`);
    undo.push([table, key, set(table, key, row) ?? null]);
    writes.push([table, key, row ?? null]);
  };

  return {
    get: (table, key) => rowsOf(table).get(key),
    put: (table, key, row) => write(table, key, row),
    delete: (table, key) => write(table, key, undefined),
    entries: (table) => rowsOf(table).entries(),
    size: (table) => tables[table].size,
    onChange: (table, listener) => void listeners[table].push(listener as AnyListener),
    transaction(work) {
      if (undo !== undefined) return work();
      const taken: Write[] = [];
      undo = taken;
      writes = [];
      try {
        const result = work();
        if (writes.length > 0) commit(writes, count);
        return result;
      } catch (error) {
        for (const [table, key, row] of taken.toReversed()) set(table, key, row ?? undefined);
        throw error;
      } finally {
        undo = undefined;
      }
    },
    nextCount: () => (count += 1),
    get count() {
      return count;
    },
    load(loaded, loadedCount) {
      for (const [table, key, row] of loaded) set(table, key, row ?? undefined);
      count = Math.max(count, loadedCount);
    },
    clear() {
      for (const table of Object.keys(tables) as TableName[]) {
        for (const key of tables[table].keys()) write(table, key, undefined);
      }
    },
  };
}

/** How a backup begins. */
export interface BackupHead {
  /** RFC 3339: the moment that it shows. */
  readonly at: string;
  /** Names of the migrations that made its schema, in order. */
  readonly migrations: readonly string[];
}

/** What the rows that follow are of. */
export interface BackedUpTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** How a backup ends. */
export interface BackupEnd {
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Last value of each sequence that was used. */
  readonly sequences: Readonly<Record<string, string>>;
}

/** What was backed up or restored. */
export interface BackupSummary {
  /** RFC 3339: the moment that it shows. */
  readonly at: string;
  readonly objects: number;
  readonly rows: number;
}

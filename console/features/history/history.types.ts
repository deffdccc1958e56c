/** A field that a write changed. */
export interface FieldChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Whether a value was too long to be kept whole. */
  readonly cut: boolean;
  /** What became of a value that nobody may see. */
  readonly redacted?: 'ADDED' | 'CHANGED' | 'REMOVED';
}

/** What a write, or an attempt at one, has in the history of an object and in the audit. */
export interface HistoryEntry {
  readonly time: string;
  readonly actor: string;
  readonly impersonator?: string;
  /** `graphql`, `kubernetes`, or `internal`. */
  readonly door: string;
  readonly verb: string;
  readonly subresource?: string;
  readonly manager?: string;
  readonly resourceVersion?: string;
  readonly requestId?: string;
  readonly changes: readonly FieldChange[];
  readonly moreChanges: number;
}

/** The fields of an entry, as GraphQL selects them. */
export const historyFields =
  'time actor impersonator door verb subresource manager resourceVersion requestId changes{path before after cut redacted}moreChanges';

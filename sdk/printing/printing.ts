/** How a kind is named and shown to people. */
export interface Printing {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly group: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** Fields whose values are secret. */
  readonly sensitive: readonly string[];
}

/** A column of a table, after the name. `jsonPath` is in Kubernetes' dialect. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  /** Shown only where more is asked for. */
  readonly wide: boolean;
}

/** What one GraphQL request may demand. */
export interface DemandLimits {
  /** Nesting of an operation; fields, inline fragments and spreads count. */
  readonly maxDepth: number;
  /** Tokens of a document. */
  readonly maxTokens: number;
  readonly maxAliases: number;
  /** Fields and fragments of an operation, with every spread written out. */
  readonly maxSelections: number;
  /** Objects that an answer may hold, going by the sizes its lists were asked for with. */
  readonly maxCost: number;
  /** Size of a request's body. */
  readonly maxBodyBytes: number;
}

/** Enough for every page of the console and every list with its relations; too little to keep a process busy. */
export const defaultDemandLimits: DemandLimits = {
  maxDepth: 15,
  maxTokens: 2_000,
  maxAliases: 100,
  maxSelections: 2_000,
  maxCost: 25_000,
  maxBodyBytes: 4 * 1024 * 1024,
};

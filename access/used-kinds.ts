/** Kinds that others name with verb `use`, by id. */
export const usedKinds: ReadonlySet<string> = new Set(['Network', 'Organization']);

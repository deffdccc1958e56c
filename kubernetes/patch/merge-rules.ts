import type { Resource } from '../../kinds/object.ts';

/** Lists that a strategic merge patch merges instead of replacing them, by their paths; the value is the key of their items. */
export type MergeRules = Readonly<Record<string, MergeRule>>;

/** `undefined`: items are values, and the list is a set of them. */
export type MergeRule = { readonly key: string | undefined };

const metadata: MergeRules = {
  'metadata.ownerReferences': { key: 'uid' },
  'metadata.finalizers': { key: undefined },
};
const namespace: MergeRules = { ...metadata, 'status.conditions': { key: 'type' } };

/** The lists of a built-in kind that merge. */
export function mergeRules({ apiVersion, kind }: Pick<Resource, 'apiVersion' | 'kind'>): MergeRules {
  return apiVersion === 'v1' && kind === 'Namespace' ? namespace : metadata;
}

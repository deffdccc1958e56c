import type { Column } from '../../sdk/printing/printing.ts';
/** What is known of a kind before any object of it is seen. */
export interface KindFacts {
  /** Name of its part of a client, and of its query: `networkContexts`. */
  readonly many: string;
  /** `NetworkContext`. */
  readonly type: string;
  /** As in URLs and for kubectl: `networkcontexts`. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** `core`, `networking` or `compute`. */
  readonly area: string;
  readonly namespaced: boolean;
  /** Exists in the root control plane only, and in no project. */
  readonly isRootOnly: boolean;
  /** The control plane makes its objects; people hardly do. */
  readonly isMade: boolean;
  readonly description: string;
  readonly columns: readonly Column[];
  /** Types of its conditions. */
  readonly conditions: readonly string[];
  /** Fields that field selectors may name. */
  readonly selectable: readonly string[];
  /** Fields whose values are secret. */
  readonly sensitive: readonly string[];
  readonly hasStatus: boolean;
}

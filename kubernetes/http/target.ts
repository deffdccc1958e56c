import type { RequestContext, Store } from '../../store/types.ts';
import type { Served, Subresource } from '../served/served.ts';

/** What a request to a resource is about. */
export interface Target {
  readonly served: Served;
  /** Empty for kinds of cluster scope, and for all namespaces. */
  readonly namespace: string;
  /** Absent for the collection. */
  readonly name?: string;
  readonly subresource?: Subresource;
  readonly store: Store;
  /** Without the field manager, which writes take from their options. */
  readonly context: RequestContext;
}

import type { ResourceAttributes } from '../../access/authorise.ts';
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
  /** What the caller was allowed to do, for what has to be allowed for long. */
  readonly wanted: ResourceAttributes;
  readonly store: Store;
  /** Without the field manager, which writes take from their options. */
  readonly context: RequestContext;
}

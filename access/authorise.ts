import type { Identity } from './identity.ts';

/** What somebody wants to do to a resource. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  /** Plural, such as `networks`. */
  readonly resource: string;
  readonly subresource?: string;
  /** Absent: all namespaces, or a resource of cluster scope. */
  readonly namespace?: string;
  /** Absent: all names. */
  readonly name?: string;
}

/** What somebody wants to do to a path that is no resource, such as `/version`. */
export interface PathAttributes {
  readonly verb: string;
  readonly path: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Why, for reviews; empty when there is nothing to say. */
  readonly reason: string;
}

/** Decides what an identity may do in its project. At once, since it is asked for every request: the rules are in memory. */
export type Authorise = (identity: Identity, wanted: ResourceAttributes | PathAttributes) => Decision;

/** Authorisation without rules: the administrators' group may do all, everybody else nothing. */
export const mastersOnly: Authorise = ({ groups }) => ({
  allowed: groups.includes('system:masters'),
  reason: '',
});

import type { PolicyRule } from '../kinds/admit.ts';
import type { Identity, Origin } from './identity.ts';
import type { Trace } from './rbac/trace.ts';

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

export type Wanted = ResourceAttributes | PathAttributes;

export interface Decision {
  readonly allowed: boolean;
  /** Why, for reviews; empty when there is nothing to say. */
  readonly reason: string;
}

/** Decides what an identity may do in its project. At once, since it is asked for every request: the rules are in memory. */
export type Authorise = (identity: Identity, wanted: Wanted) => Decision;

/** Told of every request that was refused for want of a right, for audit; must not throw and must not wait. */
export type OnDenied = (
  identity: Identity,
  wanted: Wanted,
  origin: Origin | undefined,
  requestId?: string | undefined,
) => void;

/** What doors ask about rights, always those of an identity in its project. */
export interface Authority {
  readonly authorise: Authorise;
  /** Namespaces in which the identity may do this to all names; `all` where no namespace limits it. Sorted. */
  namespacesFor(
    identity: Identity,
    wanted: Omit<ResourceAttributes, 'namespace' | 'name' | 'version'>,
  ): 'all' | readonly string[];
  /** Whether a rule names the identity, or a group of it that is not everybody. */
  isBound(identity: Identity): boolean;
  /** The rules that hold for the identity in a namespace; without one those that hold everywhere. */
  rulesFor(identity: Identity, namespace?: string): readonly PolicyRule[];
  /** How a decision comes about. */
  explain(identity: Identity, wanted: Wanted): Trace;
  /** Calls `listener` after the rules of a project changed; answers how to stop that. */
  onChange(project: string, listener: () => void): () => void;
}

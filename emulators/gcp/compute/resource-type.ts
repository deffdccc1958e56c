import type { Indexed } from '../core/indexes.ts';
import type { OperationError, ResourceRow } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { Scope, ScopeKind } from './scope.ts';

/** How long, in virtual milliseconds, from and to. */
export type LatencyRange = readonly [minMs: number, maxMs: number];

/** A request on one resource, or on the place where one is to be. */
export interface Target {
  readonly world: World;
  readonly project: string;
  readonly scope: Scope;
  /** `projects/p/zones/z/instances/i` */
  readonly key: string;
  readonly name: string;
}

/** A new resource as an insert has prepared it. */
export interface Prepared {
  /** Its own fields; the common ones (id, kind, selfLink …) are added. */
  readonly body: JsonObject;
  /** The request is accepted, and its operation will fail with this. */
  readonly failure?: OperationError;
  /** Resources that come into being with it and share its operation: key, type and body. */
  readonly companions?: readonly { readonly key: string; readonly type: string; readonly body: JsonObject }[];
}

export interface InsertVerb {
  /** Fields of the body that the emulator knows what to do with; `a.b` admits one member, `a` all of them. */
  readonly writable: readonly string[];
  /** Validates and fills in what the server fills in. Throws what Google answers at once. */
  prepare(target: Target, body: JsonObject): Prepared;
  /** What shows of a resource whose insert has failed, and for how long. Without it, it is gone at once. */
  readonly linger?: { body(row: ResourceRow): JsonObject; readonly latencyMs: LatencyRange };
  /** Called when the operation has ended well. */
  done?(target: Target, row: ResourceRow, atMs: number): void;
}

/** A call that changes a resource: its `patch`, or a method such as `setTags`. */
export interface Mutation {
  readonly httpMethod: 'PATCH' | 'POST' | 'PUT';
  /** The last path segment; absent when the call is on the resource itself. */
  readonly verb?: string;
  readonly operationType: string;
  /** The message of the body and its admitted fields; absent when the call has no body. */
  readonly request?: { readonly message: string; readonly writable: readonly string[] };
  readonly latencyMs: LatencyRange;
  /**
   * The new body, or an ApiError. Asked once when the call comes, to answer what is wrong with it, and once more when
   * the operation ends, as the resource may have changed meanwhile.
   */
  apply(target: Target, row: ResourceRow, body: JsonObject): JsonObject;
  /** What shows while the operation runs. */
  begin?(row: ResourceRow): JsonObject;
  /** What shows when the operation has failed; needed where there is a `begin`. */
  undo?(row: ResourceRow): JsonObject;
  done?(target: Target, row: ResourceRow, atMs: number): void;
}

export interface DeleteVerb {
  /** When the check for users is made: at the call (400) or at the end of the operation (an operation error). */
  readonly inUse: 'at-call' | 'at-end';
  /** Whether the call is refused while something that the resource refers to is being changed. */
  readonly needsIdleReferences?: boolean;
  /** Throws when the resource may not be deleted for a reason of its own. */
  check?(row: ResourceRow): void;
  /** What shows while the operation runs. */
  begin?(row: ResourceRow): JsonObject;
  /** What shows when the operation has failed; needed where there is a `begin`. */
  undo?(row: ResourceRow): JsonObject;
  /** Called when the resource is gone, with its last row. */
  done?(target: Target, row: ResourceRow): void;
}

/** One type of Compute resource. A new type is one file that makes one of these, and its line in the registry. */
export interface ComputeType extends Indexed {
  /** The path segment, which is also its name in the registry: `networks`. */
  readonly collection: string;
  /** `compute#network` */
  readonly kind: string;
  /** Its message in Google's schema: `Network`. */
  readonly message: string;
  /** As in "The network resource …". */
  readonly noun: string;
  readonly scope: ScopeKind;
  readonly aggregated?: boolean;
  /** Whether GET shows it before its insert has ended. */
  readonly visibleWhileCreating: boolean;
  readonly latencyMs: { readonly insert: LatencyRange; readonly delete: LatencyRange };
  /** Fields that only the server writes; a request may carry them, and they are ignored. */
  readonly outputOnly: readonly string[];
  readonly insert?: InsertVerb;
  readonly delete?: DeleteVerb;
  readonly mutations: readonly Mutation[];
  /** Adds what GET derives from other resources, such as a disk's users. */
  view?(world: World, key: string, row: ResourceRow): JsonObject;
  /** Timer events, by name: `running` becomes the event `instances.running`. */
  readonly events?: Readonly<Record<string, (target: Target, row: ResourceRow, atMs: number) => void>>;
}

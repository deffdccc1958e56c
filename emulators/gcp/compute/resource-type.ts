import type { Indexed } from '../core/indexes.ts';
import type { OperationError, OperationWarning, ResourceRow } from '../core/database.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { ApiRequest } from '../http/api-request.ts';
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
  /** Who wants something of it; absent for Google's own controllers and for callers without a name. */
  readonly caller?: string;
}

/** A new resource as an insert has prepared it. */
export interface Prepared {
  /** Its own fields; the common ones (id, kind, selfLink …) are added. */
  readonly body: JsonObject;
  /** The request is accepted, and its operation will fail with this. */
  readonly failure?: OperationError;
  /** Resources that come into being with it and share its operation: key, type and body. */
  readonly companions?: readonly Companion[];
  /** What GET must not show. */
  readonly hidden?: JsonObject;
  /** Shown in the operation. */
  readonly warnings?: readonly OperationWarning[];
}

export interface Companion {
  readonly key: string;
  readonly type: string;
  readonly body: JsonObject;
  readonly hidden?: JsonObject;
}

export interface InsertVerb {
  /** Where the call exists; everywhere when absent. */
  readonly scopes?: readonly ScopeKind[];
  /** `insert` when absent. */
  readonly operationType?: string;
  /** Query parameters of its own; `prepare` finds them in the body with a `?` before their names. */
  readonly parameters?: readonly string[];
  /** Fields of the body that the emulator knows what to do with; `a.b` admits one member, `a` all of them. */
  readonly writable: readonly string[];
  /** Validates and fills in what the server fills in. Throws what Google answers at once. */
  prepare(target: Target, body: JsonObject): Prepared;
  /** What shows of a resource whose insert has failed, and for how long. Without it, it is gone at once. */
  readonly linger?: { body(row: ResourceRow): JsonObject; readonly latencyMs: LatencyRange };
  /** Called when the operation has ended well. */
  done?(target: Target, row: ResourceRow, atMs: number): void;
}

/** The message in the body of a call, whose name may depend on the scope, and its admitted fields. */
export interface RequestBody {
  readonly message: string | Readonly<Partial<Record<ScopeKind, string>>>;
  readonly writable: readonly string[];
}

/** A call that changes a resource: its `patch`, or a method such as `setTags`. */
export interface Mutation {
  readonly httpMethod: 'PATCH' | 'POST' | 'PUT';
  /** The last part of the permission that it needs, such as `setTags`; `update` when absent. */
  readonly permission?: string;
  /** The last path segment; absent when the call is on the resource itself. */
  readonly verb?: string;
  readonly operationType: string;
  /** Absent when the call has no body. */
  readonly request?: RequestBody;
  /** Query parameters of its own; `apply` finds `size` as the member `?size` of the body. */
  readonly parameters?: readonly string[];
  /** The query parameter that names the resource, for calls that Google has put on the collection. */
  readonly nameParameter?: string;
  /** Where the call exists; everywhere when absent. */
  readonly scopes?: readonly ScopeKind[];
  /** From the call to its end; [0, 0] for those that Google does at once. */
  readonly latencyMs: LatencyRange;
  /**
   * The new body, or an ApiError. Asked once when the call comes, to answer what is wrong with it, and once more when
   * the operation ends, as the resource may have changed meanwhile.
   */
  apply(target: Target, row: ResourceRow, body: JsonObject): JsonObject;
  /** The new hidden part; asked at the end. It stays as it is when absent. */
  hide?(target: Target, row: ResourceRow, body: JsonObject, atMs: number): JsonObject;
  /** The call is accepted, and its operation will fail with this. */
  failure?(target: Target, row: ResourceRow): OperationError | undefined;
  /** What shows while the operation runs. */
  begin?(row: ResourceRow): JsonObject;
  /** What shows when the operation has failed; needed where there is a `begin`. */
  undo?(row: ResourceRow): JsonObject;
  done?(target: Target, row: ResourceRow, atMs: number): void;
}

/** A call on a resource that changes nothing, such as `getSerialPortOutput`. */
export interface ReadCall {
  readonly httpMethod: 'GET' | 'POST';
  readonly verb: string;
  /** The last part of the permission that it needs; `get` when absent. */
  readonly permission?: string;
  /** Query parameters of its own. */
  readonly parameters?: readonly string[];
  /** Its body; absent when the call has none. */
  readonly request?: RequestBody;
  /** Where the call exists; everywhere when absent. */
  readonly scopes?: readonly ScopeKind[];
  answer(target: Target, row: ResourceRow, request: ApiRequest): Json;
}

export interface DeleteVerb {
  /** Where the call exists; everywhere when absent. */
  readonly scopes?: readonly ScopeKind[];
  /** When the check for users is made: at the call (400) or at the end of the operation (an operation error). */
  readonly inUse: 'at-call' | 'at-end';
  /** Users that do not keep the resource from being deleted, because they go with it. */
  goesAlong?(user: ResourceRow): boolean;
  /** Whether the call is refused while something that the resource refers to is being changed. */
  readonly needsIdleReferences?: boolean;
  /** Throws when the resource may not be deleted for a reason of its own. */
  check?(target: Target, row: ResourceRow): void;
  /** What shows while the operation runs. */
  begin?(row: ResourceRow): JsonObject;
  /** Called when the deletion has begun. */
  begun?(target: Target, row: ResourceRow, atMs: number): void;
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
  /** Where they can be: some types exist in a zone and in a region, or in a region and for the whole project. */
  readonly scopes: readonly ScopeKind[];
  readonly aggregated?: boolean;
  /** Whether GET shows it before its insert has ended. */
  readonly visibleWhileCreating: boolean;
  readonly latencyMs: { readonly insert: LatencyRange; readonly delete: LatencyRange };
  /** Fields that only the server writes; a request may carry them, and they are ignored. */
  readonly outputOnly: readonly string[];
  readonly insert?: InsertVerb;
  readonly delete?: DeleteVerb;
  readonly mutations: readonly Mutation[];
  readonly reads?: readonly ReadCall[];
  /** Adds what GET derives from other resources, such as a disk's users. */
  view?(world: World, key: string, row: ResourceRow): JsonObject;
  /** Timer events, by name: `running` becomes the event `instances.running`. */
  readonly events?: Readonly<Record<string, (target: Target, row: ResourceRow, atMs: number) => void>>;
}

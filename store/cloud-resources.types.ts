/**
 * One object that we made, are making or are unmaking in a cloud: intent, running operation and external reference in
 * one row, written before the call. Deletion and the orphan sweep go by these rows, never by the spec.
 */
export interface CloudResource {
  readonly project: string;
  /** `gcp` */
  readonly cloud: string;
  /** Cloud project, such as `acme-edge`. */
  readonly account: string;
  /** `global`, `regions/us-south1`, `zones/us-south1-a`. */
  readonly scope: string;
  /** `compute.networks`, `iam.serviceAccounts`, … */
  readonly type: string;
  readonly name: string;
  readonly ownerKind: string;
  readonly ownerUid: string;
  readonly ownerKey: { readonly namespace: string; readonly name: string };
  /** Controller to wake when the running operation ends. */
  readonly controller: string;
  readonly verb: 'insert' | 'patch' | 'delete' | 'none';
  readonly state: 'planned' | 'running' | 'ready' | 'failed' | 'gone';
  /** Idempotency key of the call; a uuid. */
  readonly requestId: string;
  readonly plannedAt: Date;
  /** Reference of the running operation. */
  readonly operation?: string;
  /** Hash of the body that was last applied. */
  readonly specHash?: string;
  /** Id of the incarnation in the cloud. */
  readonly targetId?: string;
  /** What went wrong last: the cloud's code and text, classified. */
  readonly error?: { readonly code: string; readonly class: string; readonly message: string };
  readonly attempts: number;
  readonly retryAt?: Date;
  /** Facts about the object that others need, such as a service account's email or a secret's version. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What identifies an object of a cloud. */
export type CloudId = Pick<CloudResource, 'cloud' | 'account' | 'scope' | 'type' | 'name'>;

/** What is to be done next, written before it is. */
export type CloudIntent = Omit<CloudResource, 'state' | 'operation' | 'targetId' | 'error' | 'retryAt'>;

/** What came of it. `operation`, `error` and `retryAt` are cleared unless given; what else is absent stays as it was. */
export interface CloudOutcome {
  readonly state: CloudResource['state'];
  readonly operation?: string;
  readonly error?: NonNullable<CloudResource['error']>;
  readonly retryAt?: Date;
  readonly verb?: CloudResource['verb'];
  readonly attempts?: number;
  readonly plannedAt?: Date;
  /** null: it is no longer known whether the object is as it was applied. */
  readonly specHash?: string | null;
  readonly targetId?: string;
  /** Added to the facts that are there. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** The rows of cloud objects. A row is addressed by the request id of its newest plan, so stale writers change nothing. */
export interface CloudResources {
  /** All rows of these owners. */
  ofOwners(ownerUids: readonly string[]): Promise<CloudResource[]>;
  find(id: CloudId): Promise<CloudResource | undefined>;
  /** Rows with an operation or a transition under way, oldest first. */
  running(): Promise<CloudResource[]>;
  /** Rows of objects that are as they should be, as far as is known. */
  resting(cloud: string): Promise<CloudResource[]>;
  /** Rows that were reported on longer ago than this without their owner having been woken. */
  unannounced(olderThanMs: number): Promise<CloudResource[]>;
  /**
   * Writes an intent; safe on disk when it answers. `expected` is the request id of the row as it was read, absent where
   * there was none. Answers undefined when somebody else planned in between.
   */
  plan(intent: CloudIntent, expected?: string): Promise<CloudResource | undefined>;
  /** Writes what came of a plan; undefined when there is a newer one. */
  record(requestId: string, outcome: CloudOutcome): Promise<CloudResource | undefined>;
  /** The same for many, by others than the owner's controller: the rows then wait to be announced. */
  report(outcomes: readonly { readonly requestId: string; readonly outcome: CloudOutcome }[]): Promise<CloudResource[]>;
  /** The owners of these rows were woken. */
  announced(requestIds: readonly string[]): Promise<void>;
  /** Drops the row of an object that is gone. */
  forget(requestId: string): Promise<void>;
}

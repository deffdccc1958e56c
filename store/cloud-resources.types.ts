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

/** Who a request comes from, once that is proven. */
export interface Identity {
  /** Name by which changes are recorded: `admin`. */
  readonly user: string;
  /** Groups, as role bindings name them: `system:masters` may do all. */
  readonly groups: readonly string[];
  /** Project that the request works in. */
  readonly project: string;
}

/** One request of somebody; the same object from the door to the store. */
export interface Caller {
  readonly identity: Identity;
  /** Finds the request in logs and audit. */
  readonly requestId: string;
}

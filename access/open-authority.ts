import type { OpenStore } from '../store/store.ts';
import type { Authority } from './authorise.ts';
import { followRules } from './rbac/follow.ts';
import { followingStore } from './rbac/following-store.ts';
import { ruleKinds } from './rbac/objects.ts';
import { createPolicies } from './rbac/policies.ts';

/** The access rules of all projects at work. */
export interface OpenAuthority<S extends OpenStore> {
  readonly authority: Authority;
  /** The store, whose writes of access rules are answered when they hold in this process. */
  readonly open: S;
  close(): Promise<void>;
}

/** Loads the access rules of a store and keeps up with them; rejects when they cannot be loaded. */
export async function openAuthority<S extends OpenStore>(
  open: S,
  onError: (error: unknown) => void,
): Promise<OpenAuthority<S>> {
  const authority = createPolicies();
  const follower = await followRules(open.kindLog(ruleKinds), authority, onError);
  return { authority, open: { ...open, store: followingStore(open.store, follower.catchUp) }, close: follower.close };
}

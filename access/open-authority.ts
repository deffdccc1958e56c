import { rootProject } from '../store/control-plane.ts';
import type { OpenStore } from '../store/store.ts';
import type { Authority, OnDenied } from './authorise.ts';
import { createProjects, type EnterProject, projectKinds, type ProjectObject } from './projects/projects.ts';
import { type Followed, followRules } from './rbac/follow.ts';
import { followingStore } from './rbac/following-store.ts';
import { isRuleKind, ruleKinds } from './rbac/objects.ts';
import { createPolicies, type RuleObject } from './rbac/policies.ts';

/** The access rules of all projects at work. */
export interface OpenAuthority<S extends OpenStore> {
  readonly authority: Authority;
  readonly enterProject: EnterProject;
  /** The store, whose writes of access rules and projects are answered when they hold in this process. */
  readonly open: S;
  close(): Promise<void>;
}

/** Loads the access rules and the projects of a store and keeps up with them; rejects when they cannot be loaded. `onDenied` is told of everybody who is not let into a project. */
export async function openAuthority<S extends OpenStore>(
  open: S,
  onError: (error: unknown) => void,
  onDenied?: OnDenied,
): Promise<OpenAuthority<S>> {
  const authority = createPolicies();
  const projects = createProjects(authority, onDenied);
  const kinds = [...ruleKinds, ...projectKinds];
  const holder = {
    apply(changes: readonly Followed[]): void {
      // Whoever may enter a project is told by its rules, so the project comes first.
      changes.flatMap(projectObject).forEach(projects.set);
      authority.apply(changes.flatMap(ruleObject));
    },
    replace(objects: readonly Followed[]): void {
      projects.replace(objects.flatMap(projectObject));
      authority.replace(objects.flatMap(ruleObject));
    },
  };
  const follower = await followRules(open.kindLog(kinds), holder, onError);
  return {
    authority,
    enterProject: projects.enter,
    open: { ...open, store: followingStore(open.store, new Set(kinds), follower.catchUp) },
    close: follower.close,
  };
}

function ruleObject({ kind, ...followed }: Followed): RuleObject[] {
  return isRuleKind(kind) ? [{ ...followed, kind }] : [];
}

function projectObject({ project, kind, key, object }: Followed): ProjectObject[] {
  if (project !== rootProject) return [];
  return kind === 'Project' || kind === 'Organization' ? [{ kind, key, object }] : [];
}

import type { Organization, Project } from '../../kinds/generated/types.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import { controlPlaneOf, projectOf, rootProject } from '../../store/control-plane.ts';
import type { Authority, OnDenied, ResourceAttributes } from '../authorise.ts';
import type { Identity, Origin } from '../identity.ts';

/** The kinds that say which projects there are, and whose. */
export const projectKinds = ['Organization', 'Project'] as const;

/** An object of one of them; without an object, one that is gone. */
export interface ProjectObject {
  readonly kind: (typeof projectKinds)[number];
  readonly key: Key;
  readonly object: Resource | undefined;
}

/**
 * The identity as it works in a project, or undefined for one that does not exist or that it may not know of: nobody can tell
 * the two apart. `name` is what the caller says; without it the identity's own project is meant.
 */
export type EnterProject = (
  identity: Identity,
  name: string | undefined,
  request?: { readonly origin?: Origin | undefined; readonly requestId?: string | undefined },
) => Identity | undefined;

/** The projects that there are, in memory. */
export interface Projects {
  readonly enter: EnterProject;
  /** Puts an object, or removes it. */
  set(change: ProjectObject): void;
  /** Puts these objects in the place of all that was known. */
  replace(objects: readonly ProjectObject[]): void;
}

interface KnownProject {
  readonly controlPlane: string;
  readonly organization: string | undefined;
  readonly owners: ReadonlySet<string>;
}

type Rules = Pick<Authority, 'authorise' | 'isBound'>;

const masters = 'system:masters';
/** Of what is no name, for those who are told. */
const mostShown = 253;
const projectGroup = 'resourcemanager.datumapis.com';
const root: KnownProject = { controlPlane: rootProject, organization: undefined, owners: new Set() };

/**
 * Projects of which none is known yet but the root, which everybody may enter: its rules decide what they find there.
 * `onDenied` is told of everybody who does not get in.
 */
export function createProjects(rules: Rules, onDenied?: OnDenied): Projects {
  const projects = new Map<string, KnownProject>();
  /** Owners of organizations. */
  const owners = new Map<string, ReadonlySet<string>>();
  /** Most requests come with an identity that came before, the same object. */
  let inside = new WeakMap<Identity, Map<string, Identity>>();

  function mayKnow(identity: Identity, name: string, { organization, owners: own }: KnownProject): boolean {
    // A credential of the project itself knows where it belongs.
    if (identity.boundTo !== undefined || identity.groups.includes(masters) || rules.isBound(identity)) return true;
    if (isAmong(own, identity)) return true;
    if (organization !== undefined && isAmong(owners.get(organization), identity)) return true;
    return rules.authorise({ ...identity, project: rootProject }, reading(name)).allowed;
  }

  function within(identity: Identity, controlPlane: string): Identity {
    const { boundTo } = identity;
    if (identity.project === controlPlane && (boundTo === undefined || boundTo === controlPlane)) return identity;
    let known = inside.get(identity);
    if (known === undefined) inside.set(identity, (known = new Map<string, Identity>()));
    let entered = known.get(controlPlane);
    if (entered === undefined) {
      entered = { ...identity, project: controlPlane, ...(boundTo === undefined ? {} : { boundTo: controlPlane }) };
      known.set(controlPlane, entered);
    }
    return entered;
  }

  function entered(identity: Identity, wanted: string): Identity | undefined {
    const name = projectOf(wanted);
    const project = name === rootProject ? root : projects.get(name);
    // Who names a control plane means this one and no later one of its name.
    if (project === undefined || (wanted !== name && wanted !== project.controlPlane)) return undefined;
    const { boundTo } = identity;
    // Credentials may name the project as people do, or its control plane.
    if (boundTo !== undefined && boundTo !== name && boundTo !== project.controlPlane) return undefined;
    const inProject = within(identity, project.controlPlane);
    return project === root || mayKnow(inProject, name, project) ? inProject : undefined;
  }

  return {
    enter(identity, said, { origin, requestId } = {}) {
      const wanted = said ?? identity.project;
      const found = entered(identity, wanted);
      if (found === undefined && onDenied !== undefined)
        onDenied(
          { ...identity, project: rootProject },
          reading(projectOf(wanted).slice(0, mostShown)),
          origin,
          requestId,
        );
      return found;
    },
    set: ({ kind, key: { name }, object }) => {
      if (object === undefined) inside = new WeakMap();
      put(kind, name, object);
    },
    replace(objects) {
      projects.clear();
      owners.clear();
      inside = new WeakMap();
      for (const { kind, key, object } of objects) put(kind, key.name, object);
    },
  };

  function put(kind: ProjectObject['kind'], name: string, object: Resource | undefined): void {
    switch (kind) {
      case 'Organization':
        if (object === undefined) owners.delete(name);
        else owners.set(name, ownersOf(object as Organization));
        return;
      case 'Project':
        if (object === undefined) projects.delete(name);
        else {
          const organization = (object as Project).spec?.organization?.name;
          projects.set(name, {
            controlPlane: controlPlaneOf(object),
            organization,
            owners: ownersOf(object as Project),
          });
        }
    }
  }
}

/** What whoever may do it in the root knows a project by. */
function reading(name: string): ResourceAttributes {
  return { verb: 'get', group: projectGroup, version: 'v1alpha1', resource: 'projects', name };
}

function ownersOf({ spec }: Project | Organization): ReadonlySet<string> {
  return new Set((spec?.owners ?? []).map(({ kind, name }) => `${kind} ${name}`));
}

function isAmong(owners: ReadonlySet<string> | undefined, { user, groups }: Identity): boolean {
  if (owners === undefined || owners.size === 0) return false;
  return owners.has(`User ${user}`) || groups.some((group) => owners.has(`Group ${group}`));
}

/** For those who know no projects: everybody stays where they are. */
export const stayInOwn: EnterProject = (identity, name) =>
  name === undefined || name === identity.project ? identity : undefined;

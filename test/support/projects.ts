import { onTestFinished } from 'vitest';
import type { Authenticate } from '../../access/authenticate.ts';
import { openAuthority, type OpenAuthority } from '../../access/open-authority.ts';
import { seedProject } from '../../cli/seed.ts';
import { controlPlaneOf } from '../../store/control-plane.ts';
import { asAdmin, testStore, type TestStore } from './store.ts';

/** Several projects on one store, and people who prove themselves by their name alone. */
export interface ProjectWorld extends OpenAuthority<TestStore> {
  readonly authenticate: Authenticate;
  /** Makes a project as its reconciler would; answers under which name the store keeps what is inside. */
  make(name: string, spec?: Record<string, unknown>): Promise<string>;
}

/**
 * Whoever says `Bearer jane` is jane, and `Bearer root` may do all; `Bearer robot@shop` is jane's robot, whose credential is
 * good in that project only.
 */
const byName: Authenticate = async (authorization) => {
  const [, user, boundTo] = /^Bearer (\w+)(?:@(.+))?$/.exec(authorization ?? '') ?? [];
  if (user === undefined) return undefined;
  return {
    user,
    groups: [...(user === 'root' ? ['system:masters'] : []), 'system:authenticated'],
    project: boundTo ?? 'default',
    ...(boundTo === undefined ? {} : { boundTo }),
  };
};

/** A store with the rules of its projects at work; closed when the running test ends. */
export async function projectWorld(store?: TestStore): Promise<ProjectWorld> {
  const opened = store ?? (await testStore());
  const world = await openAuthority(opened, (error) => {
    throw error;
  });
  onTestFinished(world.close);
  const { open } = world;
  await seedProject(open.store, open.registry, asAdmin.project);
  return {
    ...world,
    authenticate: byName,
    async make(name, spec = {}) {
      const { object } = await open.store.create(asAdmin, 'Project', { metadata: { name }, spec });
      const project = controlPlaneOf(object);
      await seedProject(open.store, open.registry, project);
      return project;
    },
  };
}

/** Binds a user to a cluster role, everywhere in a project. */
export async function bindUser(world: ProjectWorld, project: string, user: string, role: string): Promise<void> {
  await world.open.store.create({ ...asAdmin, project }, 'ClusterRoleBinding', {
    metadata: { name: `${user}-${role}` },
    subjects: [{ kind: 'User', name: user }],
    roleRef: { kind: 'ClusterRole', name: role },
  });
}

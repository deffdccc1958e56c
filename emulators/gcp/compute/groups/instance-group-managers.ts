import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import { inUse } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import type { Changes } from '../patch-update.ts';
import { patchOf } from '../patch-update.ts';
import { referredKey } from '../references.ts';
import { removeNow } from '../remove.ts';
import { instances } from '../resources/instances.ts';
import type { Companion, ComputeType, Target } from '../resource-type.ts';
import { scopeOfKey, scopePath } from '../scope.ts';
import { withFingerprint } from '../rules.ts';
import { oneOf } from '../usage-of.ts';
import { namedPortsField } from './instance-groups.ts';
import { dropManaged, managedOf, putManaged } from './managed.ts';
import { MANAGER_WRITABLE, completedManager, normalizedManager } from './manager-fields.ts';
import { listErrors, listManagedInstances, managerView } from './manager-reads.ts';
import { MANAGER_VERBS } from './manager-verbs.ts';

const FIXED = ['name', 'baseInstanceName', 'distributionPolicy'];

const CHANGES: Changes = {
  message: 'InstanceGroupManager',
  writable: MANAGER_WRITABLE,
  mutable: [...new Set(MANAGER_WRITABLE.map((field) => field.split('.')[0] ?? ''))].filter(
    (field) => !FIXED.includes(field),
  ),
  latencyMs: [2_000, 8_000],
  fingerprintOf: 'instance group manager',
  normalize: normalizedManager,
  complete: completedManager,
};

/** Managed groups: so many machines of a template, which Google makes, repairs and replaces. */
export const instanceGroupManagers: ComputeType = {
  collection: 'instanceGroupManagers',
  kind: 'compute#instanceGroupManager',
  message: 'InstanceGroupManager',
  noun: 'instance group manager',
  scopes: ['zone', 'region'],
  aggregated: true,
  visibleWhileCreating: true,
  latencyMs: { insert: [4_000, 6_000], delete: [40_000, 90_000] },
  outputOnly: fields('currentActions fingerprint instanceGroup status zone region satisfiesPzi'),
  indexedFields: ['versions', 'autoHealingPolicies', 'distributionPolicy'],
  references: ({ body }) => [
    ...objectsAt(body, 'versions').flatMap((version) => referredKey(stringAt(version, 'instanceTemplate')) ?? []),
    ...objectsAt(body, 'autoHealingPolicies').flatMap((policy) => referredKey(stringAt(policy, 'healthCheck')) ?? []),
    ...groupKeys(body),
  ],
  addresses: () => [],
  counted: { fields: [], usage: oneOf('INSTANCE_GROUP_MANAGERS') },
  insert: {
    writable: MANAGER_WRITABLE,
    prepare(target, body) {
      const complete = completedManager(target, normalizedManager(target, body));
      return { body: complete, companions: [groupOf(target, complete)] };
    },
  },
  mutations: [patchOf(CHANGES), ...MANAGER_VERBS],
  reads: [listManagedInstances, listErrors],
  delete: {
    inUse: 'at-call',
    check(target) {
      const group = groupKeyOf(target);
      const user = [...target.world.indexes.users(group)].find((key) => key !== target.key);
      if (user !== undefined) throw inUse('instance group', group, user);
    },
    begun({ world, key }) {
      for (const { step: _s, operation: _o, retryAtMs: _r, ...managed } of managedOf(world, key)) {
        putManaged(world, key, { ...managed, action: 'DELETING' });
      }
    },
    done(target) {
      const { world, project, key } = target;
      world.database.delete('resource', groupKeyOf(target));
      for (const { name, instanceKey } of managedOf(world, key)) {
        dropManaged(world, key, name);
        const row = world.database.get('resource', instanceKey);
        const machine: Target = { world, project, scope: scopeOfKey(instanceKey), key: instanceKey, name };
        if (row !== undefined) removeNow(machine, instances, row);
      }
    },
  },
  view: managerView,
};

/** The group that comes and goes with its manager, and bears its name. */
function groupOf(target: Target, body: JsonObject): Companion {
  return {
    key: groupKeyOf(target),
    type: 'instanceGroups',
    body: withFingerprint({
      name: target.name,
      description: `This instance group is controlled by Instance Group Manager '${target.name}'.`,
      ...namedPortsField(body),
    }),
  };
}

function groupKeyOf({ project, scope, name }: Pick<Target, 'project' | 'scope' | 'name'>): string {
  return `projects/${project}/${scopePath(scope)}/instanceGroups/${name}`;
}

/** A stored manager refers to its group by its own link. */
function groupKeys(body: JsonObject): readonly string[] {
  const own = referredKey(stringAt(body, 'selfLink'));
  return own === undefined ? [] : [own.replace('/instanceGroupManagers/', '/instanceGroups/')];
}

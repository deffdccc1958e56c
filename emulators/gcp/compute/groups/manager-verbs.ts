import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { alreadyExists, invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import { keyOf } from '../links.ts';
import type { LatencyRange, Mutation, RequestBody, Target } from '../resource-type.ts';
import { NAME, withFingerprint } from '../rules.ts';
import type { UpdateAction } from '../update-action.ts';
import { UPDATE_ACTIONS, greater, isMore } from '../update-action.ts';
import { groupSpec } from './group-spec.ts';
import type { Managed } from './managed.ts';
import { managedOf, putManaged } from './managed.ts';
import { normalizedManager } from './manager-fields.ts';
import { neededAction } from './template-change.ts';

const LATENCY_MS: LatencyRange = [2_000, 8_000];
const MAX_AT_ONCE = 1_000;

/** A call that does something with some machines of the group. What it does shows only when its operation has ended. */
function onMachines(
  verb: string,
  request: RequestBody,
  act: (target: Target, row: ResourceRow, machines: readonly Managed[], sent: JsonObject) => void,
  resized: (body: JsonObject, count: number) => JsonObject = (body) => body,
): Mutation {
  return {
    httpMethod: 'POST',
    verb,
    operationType: verb,
    request,
    latencyMs: LATENCY_MS,
    apply: (target, row, sent) => resized(row.body, named(target, sent).length),
    hide(target, row, sent) {
      act(target, row, named(target, sent), sent);
      return row.hidden ?? {};
    },
  };
}

/** The machines that a call names; 400 for one that the group does not have, unless the caller wants it skipped. */
function named(target: Target, sent: JsonObject): readonly Managed[] {
  const members = managedOf(target.world, target.key);
  if (sent['allInstances'] === true) return members;
  const references = stringsAt(sent, 'instances');
  if (references.length === 0) throw requiredField('resource.instances');
  if (references.length > MAX_AT_ONCE) {
    throw invalidValue('resource.instances', `${references.length} instances`, `At most ${MAX_AT_ONCE} are allowed.`);
  }
  return references.flatMap((reference, index) => {
    const key = keyOf(reference, { project: target.project });
    const found = members.find(({ instanceKey }) => instanceKey === key);
    if (found !== undefined) return [found];
    if (sent['skipInstancesOnValidationError'] === true) return [];
    throw invalidValue(`resource.instances[${index}]`, reference, 'The instance is not a member of the group.');
  });
}

function smaller(body: JsonObject, count: number): JsonObject {
  return withFingerprint({ ...body, targetSize: Math.max(0, (numberAt(body, 'targetSize') ?? 0) - count) });
}

function set({ world, key }: Target, managed: Managed, change: Partial<Managed>): void {
  const { step: _s, operation: _o, retryAtMs: _r, verifyUntilMs: _v, ...idle } = managed;
  putManaged(world, key, { ...idle, ...change });
}

const deleteInstances = onMachines(
  'deleteInstances',
  {
    message: {
      zone: 'InstanceGroupManagersDeleteInstancesRequest',
      region: 'RegionInstanceGroupManagersDeleteInstancesRequest',
    },
    writable: fields('instances skipInstancesOnValidationError'),
  },
  (target, _row, machines) => machines.forEach((managed) => set(target, managed, { action: 'DELETING' })),
  smaller,
);

const abandonInstances = onMachines(
  'abandonInstances',
  {
    message: {
      zone: 'InstanceGroupManagersAbandonInstancesRequest',
      region: 'RegionInstanceGroupManagersAbandonInstancesRequest',
    },
    writable: ['instances'],
  },
  (target, _row, machines) => machines.forEach((managed) => set(target, managed, { action: 'ABANDONING' })),
  smaller,
);

const recreateInstances = onMachines(
  'recreateInstances',
  {
    message: {
      zone: 'InstanceGroupManagersRecreateInstancesRequest',
      region: 'RegionInstanceGroupManagersRecreateRequest',
    },
    writable: ['instances'],
  },
  (target, row, machines) => {
    const newest = groupSpec(row, target.scope).versions.at(-1);
    for (const managed of machines) {
      const template = newest?.template ?? managed.template;
      set(target, managed, { action: 'RECREATING', step: 'deleting', template });
    }
  },
);

const applyUpdatesToInstances = onMachines(
  'applyUpdatesToInstances',
  {
    message: {
      zone: 'InstanceGroupManagersApplyUpdatesRequest',
      region: 'RegionInstanceGroupManagersApplyUpdatesRequest',
    },
    writable: fields('instances allInstances minimalAction mostDisruptiveAllowedAction'),
  },
  (target, row, machines, sent) => {
    const newest = groupSpec(row, target.scope).versions.at(-1);
    const least = actionIn(sent, 'minimalAction', 'NONE');
    const most = actionIn(sent, 'mostDisruptiveAllowedAction', 'REPLACE');
    for (const managed of machines) {
      const template = newest?.template ?? managed.template;
      const action = greater(least, neededAction(target.world, managed.template, template));
      if (!isMore(action, most)) update(target, managed, action, template);
    }
  },
);

function update(target: Target, managed: Managed, action: UpdateAction, template: string): void {
  switch (action) {
    case 'NONE':
      return;
    case 'REFRESH':
      return set(target, managed, { action: 'REFRESHING', template });
    case 'RESTART':
      return set(target, managed, { action: 'RESTARTING', template });
    case 'REPLACE':
      return set(target, managed, { action: 'RECREATING', step: 'deleting', template });
  }
}

function actionIn(sent: JsonObject, field: string, otherwise: UpdateAction): UpdateAction {
  return UPDATE_ACTIONS.find((action) => action === sent[field]) ?? otherwise;
}

/** Machines of given names, beyond those that the group makes by itself. */
const createInstances: Mutation = {
  httpMethod: 'POST',
  verb: 'createInstances',
  operationType: 'createInstances',
  request: {
    message: {
      zone: 'InstanceGroupManagersCreateInstancesRequest',
      region: 'RegionInstanceGroupManagersCreateInstancesRequest',
    },
    writable: ['instances.name'],
  },
  latencyMs: LATENCY_MS,
  apply(target, row, sent) {
    const size = numberAt(row.body, 'targetSize') ?? 0;
    return withFingerprint({ ...row.body, targetSize: size + wantedNames(target, sent).length });
  },
  hide(target, row, sent) {
    const { zones, versions } = groupSpec(row, target.scope);
    const newest = versions.at(-1);
    for (const [index, name] of wantedNames(target, sent).entries()) {
      const zone = zones[index % zones.length] ?? '';
      putManaged(target.world, target.key, {
        name,
        zone,
        instanceKey: `projects/${target.project}/zones/${zone}/instances/${name}`,
        action: 'CREATING_WITHOUT_RETRIES',
        template: newest?.template ?? '',
        ...(newest?.name === undefined ? {} : { versionName: newest.name }),
      });
    }
    return row.hidden ?? {};
  },
};

function wantedNames({ world, key }: Target, sent: JsonObject): readonly string[] {
  const names = objectsAt(sent, 'instances').map((instance) => stringAt(instance, 'name') ?? '');
  if (names.length === 0) throw requiredField('resource.instances');
  const taken = new Set(managedOf(world, key).map(({ name }) => name));
  for (const [index, name] of names.entries()) {
    const field = `resource.instances[${index}].name`;
    if (!NAME.test(name)) throw invalidValue(field, name, `Must be a match of regex '${NAME.source}'`);
    if (taken.has(name)) throw alreadyExists(`${key}/${name}`);
    taken.add(name);
  }
  return names;
}

const resize: Mutation = {
  httpMethod: 'POST',
  verb: 'resize',
  operationType: 'resize',
  parameters: ['size'],
  latencyMs: LATENCY_MS,
  apply(_target, row, sent) {
    const size = numberAt(sent, '?size');
    if (size === undefined) throw requiredField('size');
    if (size < 0 || size > 2_000) throw invalidValue('size', size, 'Must be between 0 and 2000, inclusive.');
    return withFingerprint({ ...row.body, targetSize: size });
  },
};

const setInstanceTemplate: Mutation = {
  httpMethod: 'POST',
  verb: 'setInstanceTemplate',
  operationType: 'setInstanceTemplate',
  request: {
    message: {
      zone: 'InstanceGroupManagersSetInstanceTemplateRequest',
      region: 'RegionInstanceGroupManagersSetTemplateRequest',
    },
    writable: ['instanceTemplate'],
  },
  latencyMs: LATENCY_MS,
  apply(target, row, sent) {
    if (sent['instanceTemplate'] === undefined) throw requiredField('resource.instanceTemplate');
    return withFingerprint({ ...row.body, ...normalizedManager(target, sent) });
  },
};

export const MANAGER_VERBS: readonly Mutation[] = [
  resize,
  setInstanceTemplate,
  createInstances,
  deleteInstances,
  abandonInstances,
  recreateInstances,
  applyUpdatesToInstances,
];

import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { apiError, invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import type { Changes } from '../patch-update.ts';
import { patchOf, updateOf } from '../patch-update.ts';
import { linkTo, referredKey, referredKeys } from '../references.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { checkNumber } from '../rules.ts';
import { oneOf } from '../usage-of.ts';
import { scalingPolicy } from './autoscaler-controller.ts';

const WRITABLE = [
  ...fields('name description target'),
  ...fields('minNumReplicas maxNumReplicas coolDownPeriodSec stabilizationPeriodSec mode', 'autoscalingPolicy'),
  ...fields('utilizationTarget predictiveMethod', 'autoscalingPolicy.cpuUtilization'),
  ...fields('maxScaledInReplicas timeWindowSec', 'autoscalingPolicy.scaleInControl'),
];

const CHANGES: Changes = {
  message: 'Autoscaler',
  writable: WRITABLE,
  mutable: ['description', 'autoscalingPolicy'],
  latencyMs: [2_000, 8_000],
  nameParameter: 'autoscaler',
  kept: ['recommendedSize'],
  normalize: (target, sent) => (sent['target'] === undefined ? sent : { ...sent, target: targetLink(target, sent) }),
  complete: (_target, body) => completed(body),
};

/** Google's autoscalers of managed groups, by CPU use. */
export const autoscalers: ComputeType = {
  collection: 'autoscalers',
  kind: 'compute#autoscaler',
  message: 'Autoscaler',
  noun: 'autoscaler',
  scopes: ['zone', 'region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [2_000, 8_000], delete: [2_000, 8_000] },
  outputOnly: fields('recommendedSize status statusDetails zone region scalingScheduleStatus'),
  indexedFields: ['target'],
  references: ({ body }) => referredKeys(body, 'target'),
  addresses: () => [],
  counted: { fields: [], usage: oneOf('AUTOSCALERS') },
  insert: {
    writable: WRITABLE,
    prepare(target, body) {
      const link = targetLink(target, body);
      const managerKey = referredKey(link) ?? '';
      const other = [...target.world.indexes.users(managerKey)].find((user) => user.includes('/autoscalers/'));
      if (other !== undefined) {
        throw apiError(400, 'invalid', `The resource '${managerKey}' is already being autoscaled by '${other}'.`);
      }
      return { body: completed({ ...body, target: link }) };
    },
  },
  mutations: [patchOf(CHANGES), updateOf(CHANGES)],
  delete: { inUse: 'at-call' },
  view,
};

function targetLink(target: Target, body: JsonObject): string {
  const reference = stringAt(body, 'target');
  if (reference === undefined) throw requiredField('resource.target');
  return linkTo(target, reference, 'resource.target', 'instanceGroupManagers');
}

/** With the server's defaults, and valid. */
function completed(body: JsonObject): JsonObject {
  const policy = objectAt(body, 'autoscalingPolicy');
  const at = 'resource.autoscalingPolicy';
  const most = numberAt(policy, 'maxNumReplicas');
  if (most === undefined) throw requiredField(`${at}.maxNumReplicas`);
  const least = numberAt(policy, 'minNumReplicas') ?? 2;
  if (least > most) throw invalidValue(`${at}.minNumReplicas`, least, 'Must not be greater than maxNumReplicas.');
  checkNumber(policy, 'maxNumReplicas', 1, 2_000, at);
  checkNumber(policy, 'coolDownPeriodSec', 0, 3_600, at);
  checkNumber(policy, 'stabilizationPeriodSec', 60, 3_600, at);
  const cpu = { utilizationTarget: 0.6, predictiveMethod: 'NONE', ...objectAt(policy, 'cpuUtilization') };
  const target = Number(cpu.utilizationTarget);
  if (!(target > 0 && target <= 1)) {
    throw invalidValue(`${at}.cpuUtilization.utilizationTarget`, target, 'Must be greater than 0, and 1 at most.');
  }
  return {
    ...body,
    autoscalingPolicy: { coolDownPeriodSec: 60, mode: 'ON', ...policy, minNumReplicas: least, cpuUtilization: cpu },
  };
}

function view(world: World, _key: string, row: ResourceRow): JsonObject {
  const details = detailsOf(world, row);
  const isLost = details.some(({ type }) => type === 'SCALING_TARGET_DOES_NOT_EXIST');
  const status = row.phase === 'deleting' ? 'DELETING' : isLost ? 'ERROR' : 'ACTIVE';
  return { ...row.body, status, ...(details.length === 0 ? {} : { statusDetails: details }) };
}

function detailsOf(world: World, { body }: ResourceRow): readonly { type: string; message: string }[] {
  const policy = scalingPolicy(objectAt(body, 'autoscalingPolicy'));
  const details: { type: string; message: string }[] = [];
  if (world.database.get('resource', referredKey(stringAt(body, 'target')) ?? '') === undefined) {
    details.push({ type: 'SCALING_TARGET_DOES_NOT_EXIST', message: 'The autoscaled group does not exist.' });
  }
  if (policy.mode === 'OFF') details.push({ type: 'MODE_OFF', message: 'The autoscaling mode is OFF.' });
  if (policy.mode === 'ONLY_SCALE_OUT') {
    details.push({ type: 'MODE_ONLY_SCALE_OUT', message: 'The autoscaling mode is ONLY_SCALE_OUT.' });
  }
  if (policy.minSize === policy.maxSize) {
    details.push({ type: 'MIN_EQUALS_MAX', message: 'The least and the most number of machines are equal.' });
  } else if (body['recommendedSize'] === policy.maxSize) {
    const message = 'The autoscaler has reached the most number of machines.';
    details.push({ type: 'CAPPED_AT_MAX_NUM_REPLICAS', message });
  }
  return details;
}

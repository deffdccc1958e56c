import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { sameJson, stringAt } from '../../core/json.ts';
import { invalidValue } from '../../http/api-error.ts';
import { linkOf } from '../links.ts';
import type { Mutation, Target } from '../resource-type.ts';
import { requireFingerprint } from '../rules.ts';
import type { UpdateAction } from '../update-action.ts';
import { UPDATE_ACTIONS, actionFor, greater, isMore } from '../update-action.ts';
import { INSTANCE_WRITABLE } from './instance-fields.ts';
import { prepareChanged } from './instance-change.ts';
import { boot } from './instance-power.ts';

/** `update`: the whole instance at once, which restarts when a change needs that and the caller allows it. */
export const update: Mutation = {
  httpMethod: 'PUT',
  operationType: 'update',
  request: { message: 'Instance', writable: [...INSTANCE_WRITABLE, 'fingerprint', 'networkInterfaces', 'disks'] },
  parameters: ['minimalAction', 'mostDisruptiveAllowedAction'],
  latencyMs: [5_000, 30_000],
  apply(target, row, sent) {
    requireFingerprint(
      sent['fingerprint'],
      stringAt(row.body, 'fingerprint') ?? '',
      'resource.fingerprint',
      'instance',
    );
    const changes = changesIn(target, row, sent);
    const needed = greater(neededFor(row, changes), actionIn(sent, '?minimalAction', 'NONE'));
    const allowed = actionIn(sent, '?mostDisruptiveAllowedAction', 'RESTART');
    if (isMore(needed, allowed)) {
      throw invalidValue('mostDisruptiveAllowedAction', allowed, `The update needs the action ${needed}.`);
    }
    const changed = prepareChanged(target, row.body, changes);
    return needed === 'RESTART' && row.body['status'] === 'RUNNING' ? { ...changed, status: 'PROVISIONING' } : changed;
  },
  done(target, row, atMs) {
    if (row.body['status'] === 'PROVISIONING') boot(target, row, atMs);
  },
};

/** A stopped machine takes everything over that it can take over at all. */
function neededFor(row: ResourceRow, changes: JsonObject): UpdateAction {
  const fixed = Object.keys(changes).find((field) => actionFor([field]) === 'REPLACE');
  if (fixed !== undefined) throw invalidValue(`resource.${fixed}`, changes[fixed], 'The field cannot be changed.');
  const needed = actionFor(Object.keys(changes));
  return needed === 'RESTART' && row.body['status'] === 'TERMINATED' ? 'REFRESH' : needed;
}

/** The fields that the caller has given another value; what it leaves out, stays. */
function changesIn({ project }: Target, { body }: ResourceRow, sent: JsonObject): JsonObject {
  const given = Object.entries(sent).filter(
    ([field]) => !['fingerprint', 'zone'].includes(field) && !field.startsWith('?'),
  );
  const isSame = (field: string, value: JsonObject[string]) => {
    if (field !== 'machineType' || typeof value !== 'string') return sameJson(value, body[field]);
    return body[field] === value || body[field] === linkOf(`projects/${project}/${value}`);
  };
  return Object.fromEntries(given.filter(([field, value]) => !isSame(field, value)));
}

function actionIn(sent: JsonObject, field: string, otherwise: UpdateAction): UpdateAction {
  const given = sent[field];
  if (given === undefined) return otherwise;
  const action = UPDATE_ACTIONS.find((one) => one === given);
  if (action === undefined) throw invalidValue(field.slice(1), given, `Must be one of ${UPDATE_ACTIONS.join(', ')}.`);
  return action;
}

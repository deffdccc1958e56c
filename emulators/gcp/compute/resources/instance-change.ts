import type { JsonObject } from '../../core/json.ts';
import { objectAt } from '../../core/json.ts';
import type { Target } from '../resource-type.ts';
import { prepareAccounts, prepareMachineType, withInstanceFingerprint } from './instance-insert.ts';
import { labelFields, metadataField, tagsField } from './labels.ts';

/** A stored instance with some of its fields as a request has them; 400 when one of them is out of form. */
export function prepareChanged(target: Target, body: JsonObject, wanted: JsonObject): JsonObject {
  const has = (field: string) => wanted[field] !== undefined;
  const { labels: _labels, ...rest } = body;
  const { metadata: _m, labels: _l, tags: _t, machineType: _type, serviceAccounts: _a, ...plain } = wanted;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return withInstanceFingerprint({
    ...(has('labels') ? rest : body),
    ...given,
    ...(has('metadata') ? metadataField(objectAt(wanted, 'metadata')) : {}),
    ...(has('labels') ? labelFields(objectAt(wanted, 'labels')) : {}),
    ...(has('tags') ? tagsField(objectAt(wanted, 'tags')) : {}),
    ...(has('machineType') ? prepareMachineType(target, wanted) : {}),
    ...(has('serviceAccounts') ? prepareAccounts(target, wanted).field : {}),
  });
}

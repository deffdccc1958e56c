import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import { linkOf } from '../links.ts';
import { linkTo } from '../references.ts';
import type { Target } from '../resource-type.ts';
import type { Scope } from '../scope.ts';
import { checkNumber, withFingerprint } from '../rules.ts';
import { amountOf, zonesOf } from './group-spec.ts';
import { namedPortsField } from './instance-groups.ts';
import { checkBaseName } from './machine-names.ts';

export const MANAGER_WRITABLE: readonly string[] = [
  ...fields('name description baseInstanceName targetSize instanceTemplate versions autoHealingPolicies updatePolicy'),
  ...fields('listManagedInstancesResults'),
  ...fields('name port', 'namedPorts'),
  ...fields('defaultActionOnFailure forceUpdateOnRepair', 'instanceLifecyclePolicy'),
  ...fields('zones targetShape', 'distributionPolicy'),
];

const MAX_SIZE = { zone: 1_000, region: 2_000, global: 0 };
const PERCENT_FROM = 10;

/** References as full URLs; a template given alone is the only version. */
export function normalizedManager(target: Target, sent: JsonObject): JsonObject {
  const template = stringAt(sent, 'instanceTemplate');
  const versions = objectsAt(sent, 'versions');
  const wanted = sent['versions'] === undefined && template !== undefined ? [{ instanceTemplate: template }] : versions;
  return {
    ...sent,
    ...(wanted.length === 0 ? {} : versionFields(target, wanted)),
    ...(sent['autoHealingPolicies'] === undefined ? {} : { autoHealingPolicies: policies(target, sent) }),
    ...(sent['updatePolicy'] === undefined ? {} : { updatePolicy: exclusive(objectAt(sent, 'updatePolicy')) }),
    ...(sent['namedPorts'] === undefined ? {} : { namedPorts: namedPortsField(sent)['namedPorts'] ?? [] }),
  };
}

/** With the server's defaults, and valid. */
export function completedManager(target: Target, body: JsonObject): JsonObject {
  const { scope, project, name } = target;
  const targetSize = numberAt(body, 'targetSize');
  if (targetSize === undefined) throw requiredField('resource.targetSize');
  checkNumber(body, 'targetSize', 0, MAX_SIZE[scope.kind]);
  if (objectsAt(body, 'versions').length === 0) throw requiredField('resource.instanceTemplate');
  // Without a base name the group's own is taken, as far as it is short enough.
  const baseInstanceName = stringAt(body, 'baseInstanceName') ?? name.slice(0, 58);
  checkBaseName(baseInstanceName);
  return withFingerprint({
    ...body,
    baseInstanceName,
    targetSize,
    updatePolicy: updatePolicy(objectAt(body, 'updatePolicy'), targetSize, scope),
    instanceLifecyclePolicy: {
      defaultActionOnFailure: 'REPAIR',
      forceUpdateOnRepair: 'NO',
      ...objectAt(body, 'instanceLifecyclePolicy'),
    },
    listManagedInstancesResults: stringAt(body, 'listManagedInstancesResults') ?? 'PAGELESS',
    ...(scope.kind === 'region' ? { distributionPolicy: distribution(body, scope, project) } : {}),
  });
}

function versionFields(target: Target, versions: readonly JsonObject[]): JsonObject {
  const links = versions.map((version, index) => {
    const field = `resource.versions[${index}].instanceTemplate`;
    const template = stringAt(version, 'instanceTemplate');
    if (template === undefined) throw requiredField(field);
    return { ...version, instanceTemplate: linkTo(target, template, field, 'instanceTemplates') };
  });
  const unsized = links.filter((version) => (version as JsonObject)['targetSize'] === undefined);
  if (unsized.length !== 1) {
    const why = 'Exactly one version has no target size: it takes the rest.';
    throw invalidValue('resource.versions', `${unsized.length} versions`, why);
  }
  return { versions: links, instanceTemplate: unsized[0]?.instanceTemplate };
}

function policies(target: Target, sent: JsonObject): readonly JsonObject[] {
  const wanted = objectsAt(sent, 'autoHealingPolicies');
  if (wanted.length > 1)
    throw invalidValue('resource.autoHealingPolicies', `${wanted.length} policies`, 'At most one is allowed.');
  return wanted.map((policy) => {
    const field = 'resource.autoHealingPolicies[0]';
    checkNumber(policy, 'initialDelaySec', 0, 3_600, field);
    const check = stringAt(policy, 'healthCheck');
    const link =
      check === undefined ? {} : { healthCheck: linkTo(target, check, `${field}.healthCheck`, 'healthChecks') };
    return { initialDelaySec: 0, ...policy, ...link };
  });
}

/** A number clears a percentage given before, and the other way round. */
function exclusive(policy: JsonObject): JsonObject {
  const one = (field: string) => {
    const sent = objectAt(policy, field);
    if (policy[field] === undefined) return {};
    const { calculated: _ours, ...wanted } = sent;
    return { [field]: { fixed: null, percent: null, ...wanted } };
  };
  return { ...policy, ...one('maxSurge'), ...one('maxUnavailable') };
}

function updatePolicy(policy: JsonObject, targetSize: number, scope: Scope): JsonObject {
  const complete: JsonObject = {
    type: 'OPPORTUNISTIC',
    minimalAction: 'REPLACE',
    mostDisruptiveAllowedAction: 'REPLACE',
    replacementMethod: 'SUBSTITUTE',
    ...(scope.kind === 'region' ? { instanceRedistributionType: 'PROACTIVE' } : {}),
    ...policy,
  };
  const zones = scope.kind === 'region' ? zonesOf({}, scope).length : 1;
  const isRecreate = complete['replacementMethod'] === 'RECREATE';
  const maxSurge = amount(complete, 'maxSurge', targetSize, isRecreate ? 0 : zones);
  const maxUnavailable = amount(complete, 'maxUnavailable', targetSize, zones);
  const [surge, unavailable] = [amountOf(maxSurge, targetSize), amountOf(maxUnavailable, targetSize)];
  const at = 'resource.updatePolicy';
  if (isRecreate && surge !== 0) {
    throw invalidValue(`${at}.maxSurge`, surge, 'Must be 0 when the replacement method is RECREATE.');
  }
  if (surge === 0 && unavailable === 0 && targetSize > 0) {
    throw invalidValue(`${at}.maxUnavailable`, 0, 'maxSurge and maxUnavailable cannot both be 0.');
  }
  return { ...complete, maxSurge, maxUnavailable };
}

/** The number or percentage in a field of the policy, or a number when it has none. */
function amount(policy: JsonObject, field: string, targetSize: number, otherwise: number): JsonObject {
  const at = `resource.updatePolicy.${field}`;
  const { calculated: _ours, ...given } = objectAt(policy, field);
  checkNumber(given, 'fixed', 0, 1_000, at);
  checkNumber(given, 'percent', 0, 100, at);
  const percent = numberAt(given, 'percent');
  if (percent === undefined) return { fixed: numberAt(given, 'fixed') ?? otherwise };
  if (targetSize < PERCENT_FROM) {
    throw invalidValue(`${at}.percent`, percent, `A percentage needs a target size of at least ${PERCENT_FROM}.`);
  }
  return { percent };
}

function distribution(body: JsonObject, scope: Scope, project: string): JsonObject {
  const policy = objectAt(body, 'distributionPolicy');
  const zones = zonesOf(body, scope);
  const region = scope.kind === 'region' ? scope.name : '';
  const foreign = zones.find((zone) => !zone.startsWith(`${region}-`));
  if (foreign !== undefined) {
    throw invalidValue('resource.distributionPolicy.zones', foreign, `The zone is not in the region ${region}.`);
  }
  return {
    targetShape: stringAt(policy, 'targetShape') ?? 'EVEN',
    zones: zones.map((zone) => ({ zone: linkOf(`projects/${project}/zones/${zone}`) })),
  };
}

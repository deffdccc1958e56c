import type { OperationError } from '../../core/database.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { invalidValue, notFound, requiredField } from '../../http/api-error.ts';
import type { MachineShape } from '../catalog/machine-shapes.ts';
import { machineShape } from '../catalog/machine-shapes.ts';
import { accountKey, knownAccount } from '../../iam/accounts.ts';
import { isAllowed } from '../../iam/authorize.ts';
import { stockout } from '../conditions.ts';
import { keyOf, sharedLink } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import { keyTo } from '../references.ts';
import type { Prepared, Target } from '../resource-type.ts';
import { scopePath } from '../scope.ts';
import { prepareDisks } from './instance-disks.ts';
import { prepareInterfaces } from './instance-interfaces.ts';
import { innerFingerprint, labelFields, metadataField, tagsField } from './labels.ts';

const HOSTNAME = /^(?=.{1,253}$)[a-z]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/;

/** Parts that most machines have in common, and share. */
const SCHEDULING: JsonObject = {
  onHostMaintenance: 'MIGRATE',
  automaticRestart: true,
  preemptible: false,
  provisioningModel: 'STANDARD',
};
/** Google may take such a machine away at any time, and then does not start it again. */
const SPOT: JsonObject = { onHostMaintenance: 'TERMINATE', automaticRestart: false, preemptible: true };
const SHIELDED: JsonObject = { enableSecureBoot: false, enableVtpm: true, enableIntegrityMonitoring: true };
const INTEGRITY: JsonObject = { updateAutoLearnPolicy: true };
const RESOURCE_STATUS: JsonObject = { scheduling: {} };

function withDefaults(defaults: JsonObject, body: JsonObject, field: string): JsonObject {
  if (body[field] === undefined) return defaults;
  const given = objectAt(body, field);
  return { ...defaults, ...(given['provisioningModel'] === 'SPOT' ? SPOT : {}), ...given };
}

/** Validates the body of an instance insert and makes of it what GET shows while the instance is provisioned. */
export function prepareInstance(target: Target, sent: JsonObject): Prepared {
  const body = withTemplate(target, sent);
  const shape = requireMachine(target, body);
  const hostname = stringAt(body, 'hostname');
  if (hostname !== undefined && !HOSTNAME.test(hostname)) {
    throw invalidValue('resource.hostname', hostname, 'Must be a fully qualified RFC 1035 name.');
  }
  const accounts = prepareAccounts(target, body);
  const disks = prepareDisks(target, body);
  const { interfaces, reservations, failure } = prepareInterfaces(target, body, shape);
  const { description } = body;
  const prepared: JsonObject = {
    ...(description === undefined ? {} : { description }),
    ...prepareMachineType(target, body),
    status: 'PROVISIONING',
    canIpForward: body['canIpForward'] === true,
    deletionProtection: body['deletionProtection'] === true,
    cpuPlatform: 'Intel Cascade Lake',
    startRestricted: false,
    satisfiesPzi: true,
    networkInterfaces: interfaces,
    disks: disks.attached,
    ...(hostname === undefined ? {} : { hostname }),
    ...labelFields(objectAt(body, 'labels')),
    ...metadataField(objectAt(body, 'metadata')),
    ...tagsField(objectAt(body, 'tags')),
    ...accounts.field,
    scheduling: withDefaults(SCHEDULING, body, 'scheduling'),
    shieldedInstanceConfig: withDefaults(SHIELDED, body, 'shieldedInstanceConfig'),
    shieldedInstanceIntegrityPolicy: INTEGRITY,
    resourceStatus: RESOURCE_STATUS,
  };
  const zone = target.scope.kind === 'zone' ? target.scope.name : '';
  const doom = stockout(target.world, zone, shape.name, target.world.clock.now()) ?? failure ?? accounts.failure;
  return {
    body: withInstanceFingerprint(prepared),
    companions: disks.companions,
    ...(reservations.length === 0 ? {} : { hidden: { addresses: reservations } }),
    ...(disks.warnings.length === 0 ? {} : { warnings: disks.warnings }),
    ...(doom === undefined ? {} : { failure: doom }),
  };
}

/** With what the body leaves out taken from the template that the call names. */
function withTemplate(target: Target, { '?sourceInstanceTemplate': reference, ...body }: JsonObject): JsonObject {
  if (typeof reference !== 'string') return body;
  const key = keyTo(target, reference, 'sourceInstanceTemplate', 'instanceTemplates');
  const template = target.world.database.get('resource', key);
  if (template === undefined) throw notFound(key);
  const { machineType, ...properties } = objectAt(template.body, 'properties');
  return { ...properties, machineType: `${scopePath(target.scope)}/machineTypes/${String(machineType)}`, ...body };
}

/** The fingerprint changes with what a caller can set. */
export function withInstanceFingerprint(body: JsonObject): JsonObject {
  const parts = [
    innerFingerprint(body, 'metadata'),
    innerFingerprint(body, 'tags'),
    body['labelFingerprint'] ?? '',
    body['machineType'] ?? '',
    ...objectsAt(body, 'networkInterfaces').map((nic) => nic['fingerprint'] ?? ''),
  ];
  return { ...body, fingerprint: fingerprintOf(parts) };
}

/** The field `machineType` as a full URL; 400 when there is no such type in the zone. */
export function prepareMachineType(target: Target, body: JsonObject): JsonObject {
  const { name } = requireMachine(target, body);
  return { machineType: sharedLink(`projects/${target.project}/${scopePath(target.scope)}/machineTypes/${name}`) };
}

function requireMachine(target: Target, body: JsonObject): MachineShape {
  const reference = stringAt(body, 'machineType');
  if (reference === undefined) throw requiredField('resource.machineType');
  const key = keyOf(reference, { project: target.project });
  const [, place, name] = /\/(zones\/[^/]+)\/machineTypes\/([^/]+)$/.exec(key ?? '') ?? [];
  if (place === undefined || name === undefined) {
    throw invalidValue('resource.machineType', reference, 'The URL is malformed. Must be a valid machineType URL.');
  }
  const shape = machineShape(name);
  if (shape === undefined || place !== scopePath(target.scope)) {
    throw invalidValue('resource.machineType', reference, 'The referenced resource does not exist.');
  }
  return shape;
}

/** The field `serviceAccounts`, and why the operation will fail, if it will. */
export function prepareAccounts(
  target: Target,
  body: JsonObject,
): { readonly field: JsonObject; readonly failure?: OperationError } {
  const { world, project } = target;
  const accounts = objectsAt(body, 'serviceAccounts');
  const [first] = accounts;
  if (first === undefined) return { field: {} };
  if (accounts.length > 1) {
    const why = 'At most one service account is allowed.';
    throw invalidValue('resource.serviceAccounts', `${accounts.length} accounts`, why);
  }
  const email = stringAt(first, 'email');
  if (email === undefined) throw requiredField('resource.serviceAccounts[0].email');
  const field = { serviceAccounts: [{ email, scopes: stringsAt(first, 'scopes') }] };
  const user = target.caller;
  const key = accountKey(email);
  if (key !== undefined && knownAccount(world, email) === undefined) {
    const message = `The resource '${email}' of type 'serviceAccount' was not found (project ${project}).`;
    return { field, failure: operationError('EXTERNAL_RESOURCE_NOT_FOUND', message) };
  }
  if (
    user === undefined ||
    isAllowed(world, user, { permission: 'iam.serviceAccounts.actAs', on: key ?? `projects/${project}` })
  ) {
    return { field };
  }
  const message =
    `The user does not have access to service account '${email}'. User: '${user}'. ` +
    'Ask a project owner to grant you the iam.serviceAccountUser role on the service account';
  return { field, failure: operationError('SERVICE_ACCOUNT_ACCESS_DENIED', message) };
}

import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import { apiError, requiredField } from '../../http/api-error.ts';
import type { ResourceRow } from '../../core/database.ts';
import { fields } from '../fields.ts';
import type { LatencyRange, Mutation, RequestBody, Target } from '../resource-type.ts';
import { requireFingerprint } from '../rules.ts';
import { setLabelsOf } from '../set-labels.ts';
import { prepareChanged } from './instance-change.ts';
import { withInstanceFingerprint } from './instance-insert.ts';
import { withFrozenSerial } from './instance-serial.ts';
import { innerFingerprint, metadataField, tagsField } from './labels.ts';

const LATENCY_MS: LatencyRange = [2_000, 8_000];

/** A call that sets one thing of a machine. */
function setter(
  verb: string,
  request: RequestBody | undefined,
  change: (target: Target, row: ResourceRow, sent: JsonObject) => JsonObject,
  parameters: readonly string[] = [],
): Mutation {
  return {
    httpMethod: 'POST',
    verb,
    operationType: verb,
    permission: verb,
    latencyMs: LATENCY_MS,
    ...(request === undefined ? {} : { request }),
    ...(parameters.length === 0 ? {} : { parameters }),
    apply: (target, row, sent) => withInstanceFingerprint(change(target, row, sent)),
  };
}

/** 400 unless the machine is stopped, which some changes need. */
export function requireStopped({ key }: Target, row: ResourceRow, what: string): void {
  if (row.body['status'] === 'TERMINATED') return;
  throw apiError(
    400,
    'invalidUsage',
    `Invalid resource usage: '${what} of '${key}' can change only while it is stopped.'`,
  );
}

/** The console keeps what the machine wrote when it booted with other metadata. */
const setMetadata: Mutation = {
  ...setter(
    'setMetadata',
    { message: 'Metadata', writable: fields('fingerprint items kind') },
    (_target, { body }, sent) => {
      requireFingerprint(sent['fingerprint'], innerFingerprint(body, 'metadata'), 'fingerprint', 'metadata');
      return { ...body, ...metadataField(sent) };
    },
  ),
  hide: (_target, row) => withFrozenSerial(row),
};

const setTags = setter(
  'setTags',
  { message: 'Tags', writable: fields('fingerprint items') },
  (_target, { body }, sent) => {
    requireFingerprint(sent['fingerprint'], innerFingerprint(body, 'tags'), 'fingerprint', 'tags');
    return { ...body, ...tagsField(sent) };
  },
);

const setMachineType = setter(
  'setMachineType',
  { message: 'InstancesSetMachineTypeRequest', writable: ['machineType'] },
  (target, row, sent) => {
    if (sent['machineType'] === undefined) throw requiredField('resource.machineType');
    requireStopped(target, row, 'The machine type');
    return prepareChanged(target, row.body, sent);
  },
);

const setMinCpuPlatform = setter(
  'setMinCpuPlatform',
  { message: 'InstancesSetMinCpuPlatformRequest', writable: ['minCpuPlatform'] },
  (target, row, sent) => {
    requireStopped(target, row, 'The least CPU platform');
    return { ...row.body, minCpuPlatform: sent['minCpuPlatform'] };
  },
);

const setServiceAccount = setter(
  'setServiceAccount',
  { message: 'InstancesSetServiceAccountRequest', writable: fields('email scopes') },
  (target, row, sent) => {
    requireStopped(target, row, 'The service account');
    const email = stringAt(sent, 'email') ?? '';
    const { serviceAccounts: _none, ...without } = row.body;
    return email === '' ? without : prepareChanged(target, row.body, { serviceAccounts: [sent] });
  },
);

const setScheduling = setter(
  'setScheduling',
  { message: 'Scheduling', writable: fields('automaticRestart onHostMaintenance preemptible provisioningModel') },
  (target, row, sent) => {
    if (sent['preemptible'] !== undefined || sent['provisioningModel'] !== undefined) {
      requireStopped(target, row, 'The provisioning model');
    }
    return prepareChanged(target, row.body, { scheduling: { ...(row.body['scheduling'] as JsonObject), ...sent } });
  },
);

const setDeletionProtection = setter(
  'setDeletionProtection',
  undefined,
  (_target, { body }, sent) => ({ ...body, deletionProtection: sent['?deletionProtection'] !== 'false' }),
  ['deletionProtection'],
);

/** Google moves a machine elsewhere; nothing of it shows. */
const simulateMaintenanceEvent = setter('simulateMaintenanceEvent', undefined, (_target, { body }) => body);

export const SETTERS: readonly Mutation[] = [
  setMetadata,
  setTags,
  setLabelsOf('instance', 'InstancesSetLabelsRequest', { latencyMs: LATENCY_MS, complete: withInstanceFingerprint }),
  setMachineType,
  setMinCpuPlatform,
  setServiceAccount,
  setScheduling,
  setDeletionProtection,
  simulateMaintenanceEvent,
];

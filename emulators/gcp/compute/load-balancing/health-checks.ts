import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, stringAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import type { Changes } from '../patch-update.ts';
import { patchOf, updateOf } from '../patch-update.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { checkNumber } from '../rules.ts';
import { oneInProject } from '../usage-of.ts';

/** The member that holds the settings of a type, and the port it probes when it says nothing else. */
const PROTOCOLS: Readonly<Record<string, { readonly field: string; readonly port: number }>> = {
  TCP: { field: 'tcpHealthCheck', port: 80 },
  SSL: { field: 'sslHealthCheck', port: 443 },
  HTTP: { field: 'httpHealthCheck', port: 80 },
  HTTPS: { field: 'httpsHealthCheck', port: 443 },
  HTTP2: { field: 'http2HealthCheck', port: 443 },
};
const FIELDS = Object.values(PROTOCOLS).map(({ field }) => field);
const WRITABLE = [
  ...fields('name description type checkIntervalSec timeoutSec healthyThreshold unhealthyThreshold'),
  ...fields('logConfig'),
  ...FIELDS,
];

const CHANGES: Changes = {
  message: 'HealthCheck',
  writable: WRITABLE,
  mutable: WRITABLE.filter((field) => field !== 'name'),
  latencyMs: [3_000, 10_000],
  normalize: (_target, sent) => sent,
  complete: completed,
};

/** Health checks of load balancers and instance groups. */
export const healthChecks: ComputeType = {
  collection: 'healthChecks',
  kind: 'compute#healthCheck',
  message: 'HealthCheck',
  noun: 'health check',
  scopes: ['global', 'region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [3_000, 10_000], delete: [3_000, 10_000] },
  outputOnly: ['region'],
  indexedFields: [],
  references: () => [],
  addresses: () => [],
  counted: { fields: [], usage: oneInProject('HEALTH_CHECKS') },
  insert: { writable: WRITABLE, prepare: (target, body) => ({ body: completed(target, body) }) },
  mutations: [patchOf(CHANGES), updateOf(CHANGES)],
  delete: { inUse: 'at-call' },
};

/** What a health check probes: its protocol, and the port, by number or by name. */
export interface Probe {
  readonly type: string;
  readonly port: number | undefined;
  readonly portName: string | undefined;
}

export function probeOf(body: JsonObject): Probe {
  const type = stringAt(body, 'type') ?? 'TCP';
  const settings = objectAt(body, PROTOCOLS[type]?.field ?? '');
  const isServing = settings['portSpecification'] === 'USE_SERVING_PORT';
  const portName = settings['portSpecification'] === 'USE_NAMED_PORT' ? stringAt(settings, 'portName') : undefined;
  return { type, portName, port: isServing || portName !== undefined ? undefined : numberAt(settings, 'port') };
}

/** With the server's defaults, and valid. */
function completed(_target: Target, body: JsonObject): JsonObject {
  const type = stringAt(body, 'type');
  if (type === undefined) throw requiredField('resource.type');
  const protocol = PROTOCOLS[type];
  if (protocol === undefined) {
    throw invalidValue('resource.type', type, `The GCP emulator has ${Object.keys(PROTOCOLS).join(', ')}.`);
  }
  const foreign = FIELDS.find((field) => field !== protocol.field && body[field] !== undefined);
  if (foreign !== undefined) {
    throw invalidValue(`resource.${foreign}`, body[foreign], `Does not go with a health check of type ${type}.`);
  }
  const complete = {
    checkIntervalSec: 5,
    timeoutSec: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    ...body,
    [protocol.field]: settingsOf(objectAt(body, protocol.field), protocol.port, protocol.field),
  };
  checkTimes(complete);
  return complete;
}

function checkTimes(check: JsonObject): void {
  for (const field of ['checkIntervalSec', 'timeoutSec']) checkNumber(check, field, 1, 300);
  for (const field of ['healthyThreshold', 'unhealthyThreshold']) checkNumber(check, field, 1, 10);
  if ((numberAt(check, 'timeoutSec') ?? 0) > (numberAt(check, 'checkIntervalSec') ?? 0)) {
    throw invalidValue('resource.timeoutSec', check['timeoutSec'], 'Must not be greater than checkIntervalSec.');
  }
}

function settingsOf(settings: JsonObject, defaultPort: number, field: string): JsonObject {
  checkNumber(settings, 'port', 1, 65_535, `resource.${field}`);
  const specification = stringAt(settings, 'portSpecification');
  if (specification === 'USE_NAMED_PORT' && settings['portName'] === undefined) {
    throw requiredField(`resource.${field}.portName`);
  }
  const needsPort = specification === undefined || specification === 'USE_FIXED_PORT';
  const port = needsPort && settings['portName'] === undefined ? { port: defaultPort } : {};
  return { ...port, proxyHeader: 'NONE', ...settings };
}

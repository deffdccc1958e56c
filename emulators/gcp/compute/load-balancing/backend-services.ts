import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import { linkOf } from '../links.ts';
import type { Changes } from '../patch-update.ts';
import { patchOf, updateOf } from '../patch-update.ts';
import { linkTo, referredKey } from '../references.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { checkNumber, withFingerprint } from '../rules.ts';
import { oneInProject } from '../usage-of.ts';
import { getHealth } from './backend-health.ts';

const WRITABLE = [
  ...fields('name description backends healthChecks timeoutSec port portName protocol'),
  ...fields('loadBalancingScheme sessionAffinity affinityCookieTtlSec connectionDraining enableCDN'),
  ...fields('localityLbPolicy logConfig ipAddressSelectionPolicy network failoverPolicy'),
];
const FIXED = ['name', 'loadBalancingScheme', 'network'];

const CHANGES: Changes = {
  message: 'BackendService',
  writable: WRITABLE,
  mutable: WRITABLE.filter((field) => !FIXED.includes(field)),
  latencyMs: [5_000, 20_000],
  fingerprintOf: 'backend service',
  kept: ['loadBalancingScheme'],
  normalize: withLinks,
  complete: completed,
};

/** What a load balancer sends connections to: groups of machines or of endpoints, with the check of their health. */
export const backendServices: ComputeType = {
  collection: 'backendServices',
  kind: 'compute#backendService',
  message: 'BackendService',
  noun: 'backend service',
  scopes: ['global', 'region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [5_000, 20_000], delete: [5_000, 20_000] },
  outputOnly: ['fingerprint', 'region', 'usedBy'],
  indexedFields: ['backends', 'healthChecks'],
  references: ({ body }) => [
    ...stringsAt(body, 'healthChecks').flatMap((link) => referredKey(link) ?? []),
    ...objectsAt(body, 'backends').flatMap((backend) => referredKey(stringAt(backend, 'group')) ?? []),
  ],
  addresses: () => [],
  counted: { fields: [], usage: oneInProject('BACKEND_SERVICES') },
  insert: {
    writable: WRITABLE,
    prepare: (target, body) => ({ body: completed(target, withLinks(target, body)) }),
  },
  mutations: [patchOf(CHANGES), updateOf(CHANGES)],
  reads: [getHealth],
  delete: { inUse: 'at-call' },
  view(world, key, row) {
    const usedBy = [...world.indexes.users(key)].toSorted().map((user) => ({ reference: linkOf(user) }));
    return usedBy.length === 0 ? row.body : { ...row.body, usedBy };
  },
};

function withLinks(target: Target, sent: JsonObject): JsonObject {
  const checks = stringsAt(sent, 'healthChecks').map((reference, index) =>
    linkTo(target, reference, `resource.healthChecks[${index}]`, 'healthChecks'),
  );
  const backends = objectsAt(sent, 'backends').map((backend, index) => {
    const field = `resource.backends[${index}].group`;
    const group = stringAt(backend, 'group');
    if (group === undefined) throw requiredField(field);
    return { ...backend, group: linkTo(target, group, field, 'instanceGroups', 'networkEndpointGroups') };
  });
  return {
    ...sent,
    ...(sent['healthChecks'] === undefined ? {} : { healthChecks: checks }),
    ...(sent['backends'] === undefined ? {} : { backends }),
  };
}

/** With the server's defaults, and valid. */
function completed(_target: Target, body: JsonObject): JsonObject {
  const service = {
    affinityCookieTtlSec: 0,
    connectionDraining: { drainingTimeoutSec: 300 },
    enableCDN: false,
    loadBalancingScheme: 'EXTERNAL',
    port: 80,
    portName: 'http',
    protocol: 'HTTP',
    sessionAffinity: 'NONE',
    timeoutSec: 30,
    ...body,
  };
  const checks = stringsAt(service, 'healthChecks');
  if (checks.length > 1) {
    throw invalidValue('resource.healthChecks', `${checks.length} health checks`, 'At most one is allowed.');
  }
  checkNumber(service, 'timeoutSec', 1, 2_147_483_647);
  checkNumber(service, 'port', 1, 65_535);
  const groups = new Set<string>();
  const backends = objectsAt(service, 'backends').map((backend, index) => {
    const group = stringAt(backend, 'group') ?? '';
    const at = `resource.backends[${index}]`;
    if (groups.has(group)) throw invalidValue(`${at}.group`, group, 'Duplicate instance groups in backend service.');
    groups.add(group);
    return completedBackend(backend, at);
  });
  if (backends.length > 0 && checks.length === 0) throw requiredField('resource.healthChecks');
  return withFingerprint({ ...service, ...(backends.length === 0 ? { backends: undefined } : { backends }) });
}

function completedBackend(backend: JsonObject, at: string): JsonObject {
  const isEndpoints = (stringAt(backend, 'group') ?? '').includes('/networkEndpointGroups/');
  const balancingMode = stringAt(backend, 'balancingMode') ?? (isEndpoints ? 'CONNECTION' : 'UTILIZATION');
  const complete: JsonObject = { capacityScaler: 1, ...backend, balancingMode };
  checkNumber(complete, 'capacityScaler', 0, 1, at);
  if (isEndpoints && balancingMode === 'UTILIZATION') {
    throw invalidValue(`${at}.balancingMode`, balancingMode, 'Does not go with a network endpoint group.');
  }
  const limits = ['maxConnections', 'maxConnectionsPerInstance', 'maxConnectionsPerEndpoint'];
  if (balancingMode === 'CONNECTION' && !limits.some((field) => (numberAt(complete, field) ?? 0) > 0)) {
    throw invalidValue(`${at}.maxConnections`, '', 'The balancing mode CONNECTION needs a most number of connections.');
  }
  if (balancingMode !== 'UTILIZATION') return complete;
  const utilization: JsonObject = { maxUtilization: 0.8, ...complete };
  checkNumber(utilization, 'maxUtilization', 0, 1, at);
  return utilization;
}

import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation, Projection } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { observeAll } from '../pages.ts';

export type HealthCheckBody = compute_v1.Schema$HealthCheck;

/** Looks whether the port that connections go to takes them, whichever that is: one check serves all listeners. */
export function healthCheckBody(name: string, marker: Omit<Marker, 'specHash'>): HealthCheckBody {
  const wanted = {
    name,
    type: 'TCP',
    checkIntervalSec: 5,
    timeoutSec: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    tcpHealthCheck: { portSpecification: 'USE_SERVING_PORT' },
  };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection(check: HealthCheckBody): Projection {
  const { type, checkIntervalSec, timeoutSec, healthyThreshold, unhealthyThreshold, tcpHealthCheck } = check;
  const port = tcpHealthCheck?.portSpecification ?? tcpHealthCheck?.portName ?? tcpHealthCheck?.port;
  return { type, checkIntervalSec, timeoutSec, healthyThreshold, unhealthyThreshold, port };
}

function observe(check: HealthCheckBody): Observation {
  return {
    targetId: check.id ?? '',
    marker: markerOf(check.description),
    projection: projection(check),
    facts: {},
    settled: true,
  };
}

/** Health checks of load balancers. */
export const healthChecks: CloudApi<HealthCheckBody> = {
  visibleAtOnce: false,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.healthChecks.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.healthChecks.get({ project: account, healthCheck: name }));
    return found && observe(found);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.healthChecks.delete({ project: account, healthCheck: name, requestId })),
  list: ({ compute }, account) =>
    observeAll((page) => compute.healthChecks.list({ project: account, ...page }), observe),
  async patch({ compute }, { account, name }, requestBody, requestId) {
    // A full replacement: the check's port may have been given in another way.
    const call = { project: account, healthCheck: name, requestId, requestBody };
    return progressOf((await compute.healthChecks.update(call)).data);
  },
};

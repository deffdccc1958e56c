import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation, Projection } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { observeAll } from '../pages.ts';
import { normalReference } from '../references.ts';

export type TcpProxyBody = compute_v1.Schema$TargetTcpProxy;

/** Leads the connections of a listener to the backend service of this name. */
export function tcpProxyBody(
  account: string,
  { name, service }: { readonly name: string; readonly service: string },
  marker: Omit<Marker, 'specHash'>,
): TcpProxyBody {
  const wanted = { name, service: `projects/${account}/global/backendServices/${service}`, proxyHeader: 'NONE' };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection({ service, proxyHeader }: TcpProxyBody, account: string): Projection {
  return { service: normalReference(service ?? '', account), proxyHeader: proxyHeader ?? 'NONE' };
}

function observe(proxy: TcpProxyBody, account: string): Observation {
  return {
    targetId: proxy.id ?? '',
    marker: markerOf(proxy.description),
    projection: projection(proxy, account),
    facts: {},
    settled: true,
  };
}

/** The proxies of load balancers. Each of their fields has a call of its own. */
export const targetTcpProxies: CloudApi<TcpProxyBody> = {
  visibleAtOnce: false,
  stepwise: true,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.targetTcpProxies.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.targetTcpProxies.get({ project: account, targetTcpProxy: name }));
    return found && observe(found, account);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.targetTcpProxies.delete({ project: account, targetTcpProxy: name, requestId })),
  list: ({ compute }, account) =>
    observeAll(
      (page) => compute.targetTcpProxies.list({ project: account, ...page }),
      (proxy) => observe(proxy, account),
    ),
  async patch({ compute }, { account, name }, { service, proxyHeader }, requestId) {
    const at = { project: account, targetTcpProxy: name };
    const { data } = await compute.targetTcpProxies.get(at);
    const isElsewhere = normalReference(data.service ?? '', account) !== normalReference(service ?? '', account);
    const { data: operation } = isElsewhere
      ? await compute.targetTcpProxies.setBackendService({
          ...at,
          requestId,
          requestBody: { service: service ?? null },
        })
      : await compute.targetTcpProxies.setProxyHeader({
          ...at,
          requestId,
          requestBody: { proxyHeader: proxyHeader ?? null },
        });
    return progressOf(operation);
  },
};

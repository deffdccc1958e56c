import { stringAt } from '../../core/json.ts';
import { requiredField } from '../../http/api-error.ts';
import { linkTo, referredKeys } from '../references.ts';
import type { ComputeType, LatencyRange, Mutation, Target } from '../resource-type.ts';
import { oneOf } from '../usage-of.ts';

const LATENCY_MS: LatencyRange = [5_000, 20_000];

const setBackendService: Mutation = {
  httpMethod: 'POST',
  verb: 'setBackendService',
  operationType: 'TargetTcpProxySetBackendService',
  request: { message: 'TargetTcpProxiesSetBackendServiceRequest', writable: ['service'] },
  latencyMs: LATENCY_MS,
  apply: (target, row, sent) => ({ ...row.body, service: serviceLink(target, stringAt(sent, 'service')) }),
};

const setProxyHeader: Mutation = {
  httpMethod: 'POST',
  verb: 'setProxyHeader',
  operationType: 'TargetTcpProxySetProxyHeader',
  request: { message: 'TargetTcpProxiesSetProxyHeaderRequest', writable: ['proxyHeader'] },
  latencyMs: LATENCY_MS,
  apply(_target, row, sent) {
    if (sent['proxyHeader'] === undefined) throw requiredField('resource.proxyHeader');
    return { ...row.body, proxyHeader: sent['proxyHeader'] };
  },
};

/** The proxies between forwarding rules and backend services. */
export const targetTcpProxies: ComputeType = {
  collection: 'targetTcpProxies',
  kind: 'compute#targetTcpProxy',
  message: 'TargetTcpProxy',
  noun: 'target TCP proxy',
  scopes: ['global'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: LATENCY_MS, delete: LATENCY_MS },
  outputOnly: ['region'],
  indexedFields: ['service'],
  references: ({ body }) => referredKeys(body, 'service'),
  addresses: () => [],
  counted: { fields: [], usage: oneOf('TARGET_TCP_PROXIES') },
  insert: {
    writable: ['name', 'description', 'service', 'proxyHeader', 'proxyBind'],
    prepare: (target, body) => ({
      body: { proxyHeader: 'NONE', proxyBind: false, ...body, service: serviceLink(target, stringAt(body, 'service')) },
    }),
  },
  mutations: [setBackendService, setProxyHeader],
  delete: { inUse: 'at-call' },
};

function serviceLink(target: Target, reference: string | undefined): string {
  if (reference === undefined) throw requiredField('resource.service');
  return linkTo(target, reference, 'resource.service', 'backendServices');
}

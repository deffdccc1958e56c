import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation, Projection } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { observeAll } from '../pages.ts';
import { normalReference } from '../references.ts';

export type ForwardingRuleBody = compute_v1.Schema$ForwardingRule;

/** Takes connections to a port of an address. Google forgets labels here, so the marker is in the description. */
export function forwardingRuleBody(
  account: string,
  rule: { readonly name: string; readonly address: string; readonly port: number; readonly proxy: string },
  marker: Omit<Marker, 'specHash'>,
): ForwardingRuleBody {
  const wanted = {
    name: rule.name,
    IPAddress: rule.address,
    IPProtocol: 'TCP',
    portRange: `${rule.port}-${rule.port}`,
    target: `projects/${account}/global/targetTcpProxies/${rule.proxy}`,
    loadBalancingScheme: 'EXTERNAL_MANAGED',
  };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection(rule: ForwardingRuleBody, account: string): Projection {
  const { IPAddress, IPProtocol, portRange, target, loadBalancingScheme } = rule;
  return { IPAddress, IPProtocol, portRange, target: normalReference(target ?? '', account), loadBalancingScheme };
}

function observe(rule: ForwardingRuleBody, account: string): Observation {
  return {
    targetId: rule.id ?? '',
    marker: markerOf(rule.description),
    projection: projection(rule, account),
    facts: {},
    settled: true,
  };
}

/** Where load balancers listen. All but the target is for life. */
export const globalForwardingRules: CloudApi<ForwardingRuleBody> = {
  visibleAtOnce: false,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    const { data } = await compute.globalForwardingRules.insert({ project: account, requestId, requestBody });
    return progressOf(data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.globalForwardingRules.get({ project: account, forwardingRule: name }));
    return found && observe(found, account);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.globalForwardingRules.delete({ project: account, forwardingRule: name, requestId })),
  list: ({ compute }, account) =>
    observeAll(
      (page) => compute.globalForwardingRules.list({ project: account, ...page }),
      (rule) => observe(rule, account),
    ),
  disruption: (declared, observed) => {
    const { target: _wanted, ...rest } = declared;
    return Object.entries(rest).every(([field, value]) => observed[field] === value) ? 'InPlace' : 'NeedsReplace';
  },
  async patch({ compute }, { account, name }, { target }, requestId) {
    const call = { project: account, forwardingRule: name, requestId, requestBody: { target: target ?? null } };
    return progressOf((await compute.globalForwardingRules.setTarget(call)).data);
  },
};

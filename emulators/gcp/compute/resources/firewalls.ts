import type { JsonObject } from '../../core/json.ts';
import { mergePatch, stringAt } from '../../core/json.ts';
import { keyOf, linkOf } from '../links.ts';
import { invalidValue } from '../../http/api-error.ts';
import type { ComputeType, Mutation, Target } from '../resource-type.ts';
import { refuseImmutable } from '../rules.ts';
import { checkFirewall } from './firewall-rules.ts';

const WRITABLE = [
  'name',
  'description',
  'network',
  'priority',
  'direction',
  'sourceRanges',
  'destinationRanges',
  'sourceTags',
  'targetTags',
  'sourceServiceAccounts',
  'targetServiceAccounts',
  'allowed',
  'denied',
  'disabled',
  'logConfig',
];
const MUTABLE = WRITABLE.filter((field) => !['name', 'network', 'direction'].includes(field));

/** VPC firewall rules. */
export const firewalls: ComputeType = {
  collection: 'firewalls',
  kind: 'compute#firewall',
  message: 'Firewall',
  noun: 'firewall',
  scope: 'global',
  visibleWhileCreating: false,
  latencyMs: { insert: [3_000, 10_000], delete: [3_000, 10_000] },
  outputOnly: [],
  indexedFields: ['network'],
  references: ({ body }) => [keyOf(stringAt(body, 'network') ?? '', { project: '' }) ?? ''],
  addresses: () => [],
  insert: { writable: WRITABLE, prepare: (target, body) => ({ body: completed(target, body) }) },
  mutations: [
    change('PATCH', 'patch', (before, body) => mergePatch(before, body)),
    change('PUT', 'update', (before, body) => ({ ...serverFields(before), ...body })),
  ],
  delete: { inUse: 'at-call' },
};

/** `patch` merges, `update` replaces all that the caller may write. */
function change(
  httpMethod: 'PATCH' | 'PUT',
  operationType: string,
  combine: (before: JsonObject, body: JsonObject) => JsonObject,
): Mutation {
  return {
    httpMethod,
    operationType,
    request: { message: 'Firewall', writable: WRITABLE },
    latencyMs: [3_000, 10_000],
    apply(target, row, body) {
      const network = stringAt(body, 'network');
      const sent = network === undefined ? body : { ...body, network: networkLink(target, network) };
      refuseImmutable(row.body, sent, MUTABLE);
      return completed(target, combine(row.body, sent));
    },
  };
}

/** With the server's defaults, and valid. */
function completed(target: Target, body: JsonObject): JsonObject {
  const rule: JsonObject = {
    priority: 1000,
    direction: 'INGRESS',
    disabled: false,
    logConfig: { enable: false },
    ...body,
    network: networkLink(target, stringAt(body, 'network') ?? 'global/networks/default'),
  };
  checkFirewall(rule);
  return { ...rule, ...everywhere(rule) };
}

/** A rule that says nothing of where from (or where to) is for everywhere. */
function everywhere(rule: JsonObject): JsonObject {
  if (rule['direction'] === 'EGRESS')
    return rule['destinationRanges'] === undefined ? { destinationRanges: ['0.0.0.0/0'] } : {};
  const sources = [rule['sourceRanges'], rule['sourceTags'], rule['sourceServiceAccounts']];
  const isGiven = sources.some((source) => Array.isArray(source) && source.length > 0);
  return isGiven ? {} : { sourceRanges: ['0.0.0.0/0'] };
}

function networkLink({ project }: Target, reference: string): string {
  const key = keyOf(reference, { project });
  if (key === undefined || !key.includes('/global/networks/')) {
    throw invalidValue('resource.network', reference, 'The URL is malformed.');
  }
  return linkOf(key);
}

function serverFields(body: JsonObject): JsonObject {
  const { id, kind, name, network, direction, creationTimestamp, selfLink } = body;
  return { id, kind, name, network, direction, creationTimestamp, selfLink };
}

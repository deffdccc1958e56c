import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import type { Changes } from '../patch-update.ts';
import { patchOf, updateOf } from '../patch-update.ts';
import { linkTo, referredKeys } from '../references.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { oneOf } from '../usage-of.ts';
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

const CHANGES: Changes = {
  message: 'Firewall',
  writable: WRITABLE,
  mutable: WRITABLE.filter((field) => !['name', 'network', 'direction'].includes(field)),
  latencyMs: [3_000, 10_000],
  normalize(target, sent) {
    const network = stringAt(sent, 'network');
    return network === undefined ? sent : { ...sent, network: networkLink(target, network) };
  },
  complete: completed,
};

/** VPC firewall rules. */
export const firewalls: ComputeType = {
  collection: 'firewalls',
  kind: 'compute#firewall',
  message: 'Firewall',
  noun: 'firewall',
  scopes: ['global'],
  visibleWhileCreating: false,
  latencyMs: { insert: [3_000, 10_000], delete: [3_000, 10_000] },
  outputOnly: [],
  indexedFields: ['network'],
  references: ({ body }) => referredKeys(body, 'network'),
  addresses: () => [],
  counted: { fields: [], usage: oneOf('FIREWALLS') },
  insert: { writable: WRITABLE, prepare: (target, body) => ({ body: completed(target, body) }) },
  mutations: [patchOf(CHANGES), updateOf(CHANGES)],
  delete: { inUse: 'at-call' },
};

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

function networkLink(target: Target, reference: string): string {
  return linkTo(target, reference, 'resource.network', 'networks');
}

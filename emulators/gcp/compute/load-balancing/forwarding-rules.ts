import type { ResourceRow } from '../../core/database.ts';
import type { AddressClaim } from '../../core/indexes.ts';
import type { JsonObject } from '../../core/json.ts';
import { stringAt, stringsAt } from '../../core/json.ts';
import { apiError, invalidValue, notFound, notImplemented, requiredField } from '../../http/api-error.ts';
import { formatIpv4, parseIpv4 } from '../../net/cidr.ts';
import { EXTERNAL_POOL, EXTERNAL_RANGE } from '../../net/external-addresses.ts';
import { rowsIn } from '../../core/collection-rows.ts';
import { splitKey } from '../../core/collection.ts';
import { fields } from '../fields.ts';
import { keyOf } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import { linkTo, referredKeys } from '../references.ts';
import { labelFields } from '../resources/labels.ts';
import type { ComputeType, LatencyRange, Mutation, Prepared, Target } from '../resource-type.ts';
import { scopePath } from '../scope.ts';
import { setLabelsOf } from '../set-labels.ts';
import { oneOf } from '../usage-of.ts';

const LATENCY_MS: LatencyRange = [5_000, 20_000];
const WRITABLE = [
  ...fields('name description IPAddress IPProtocol portRange target loadBalancingScheme networkTier'),
  ...fields('ipVersion labels'),
];

const setTarget: Mutation = {
  httpMethod: 'POST',
  verb: 'setTarget',
  // Google spells this one with a capital letter.
  operationType: 'SetTarget',
  permission: 'setTarget',
  request: { message: 'TargetReference', writable: ['target'] },
  latencyMs: LATENCY_MS,
  apply: (target, row, sent) => ({ ...row.body, target: targetLink(target, sent) }),
};

/** Where a load balancer listens: an address, a protocol and a range of ports, and the proxy behind them. */
export const forwardingRules: ComputeType = {
  collection: 'forwardingRules',
  kind: 'compute#forwardingRule',
  message: 'ForwardingRule',
  noun: 'forwarding rule',
  scopes: ['global'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: LATENCY_MS, delete: LATENCY_MS },
  outputOnly: ['region', 'labelFingerprint', 'fingerprint', 'selfLinkWithId'],
  indexedFields: ['target', 'IPAddress'],
  references: ({ body, hidden = {} }) => [...referredKeys(body, 'target'), ...stringsAt(hidden, 'addresses')],
  addresses: claims,
  counted: { fields: [], usage: oneOf('FORWARDING_RULES') },
  insert: {
    writable: WRITABLE,
    prepare,
  },
  mutations: [setTarget, setLabelsOf('forwarding rule', 'GlobalSetLabelsRequest')],
  delete: { inUse: 'at-call' },
};

function prepare(target: Target, body: JsonObject): Prepared {
  // Google takes `labels` here and forgets them: they must be set by a call of their own.
  const { labels: _forgotten, ...wanted } = body;
  const protocol = stringAt(body, 'IPProtocol') ?? 'TCP';
  if (protocol !== 'TCP') throw invalidValue('resource.IPProtocol', protocol, 'A TCP proxy needs the protocol TCP.');
  const scheme = stringAt(body, 'loadBalancingScheme') ?? 'EXTERNAL';
  const proxy = targetLink(target, body);
  checkScheme(target, proxy, scheme);
  const portRange = normalizedRange(body);
  const { address, reservation } = addressFor(target, body);
  if (address === undefined) {
    return {
      body: wanted,
      failure: operationError('IP_SPACE_EXHAUSTED', 'IP space of external addresses is exhausted.'),
    };
  }
  refuseConflict(target, address, portRange);
  return {
    body: {
      networkTier: 'PREMIUM',
      ...wanted,
      IPAddress: address,
      IPProtocol: protocol,
      portRange,
      target: proxy,
      loadBalancingScheme: scheme,
      ...labelFields({}),
    },
    ...(reservation === undefined ? {} : { hidden: { addresses: [reservation] } }),
  };
}

function targetLink(target: Target, body: JsonObject): string {
  const reference = stringAt(body, 'target');
  if (reference === undefined) throw requiredField('resource.target');
  return linkTo(target, reference, 'resource.target', 'targetTcpProxies');
}

/** A rule and the backend service behind its proxy are of one scheme. */
function checkScheme({ world, project }: Target, proxy: string, scheme: string): void {
  const read = (link: string) => world.database.get('resource', keyOf(link, { project }) ?? '')?.body ?? {};
  const service = stringAt(read(proxy), 'service');
  const behind = service === undefined ? undefined : stringAt(read(service), 'loadBalancingScheme');
  if (behind !== undefined && behind !== scheme) {
    const why = `The load balancing scheme of the backend service is ${behind}.`;
    throw invalidValue('resource.loadBalancingScheme', scheme, why);
  }
}

/** `443` is stored as `443-443`. */
function normalizedRange(body: JsonObject): string {
  const text = stringAt(body, 'portRange');
  if (text === undefined) throw requiredField('resource.portRange');
  const [, from = '', to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (from === '' || Number(from) < 1 || Number(from) > Number(to) || Number(to) > 65_535) {
    throw invalidValue('resource.portRange', text, 'Must be a port or a range of ports from 1 to 65535.');
  }
  return `${from}-${to}`;
}

/** The address asked for, by URL or as it is written, or an ephemeral one; with the key of its reservation. */
function addressFor(target: Target, body: JsonObject): { address: string | undefined; reservation?: string } {
  const { world, project, scope } = target;
  const given = stringAt(body, 'IPAddress');
  if (given === undefined) {
    if (stringAt(body, 'ipVersion') === 'IPV6') throw notImplemented('ephemeral IPv6 addresses of forwarding rules');
    const free = world.indexes.pools.nextFree(EXTERNAL_POOL, EXTERNAL_RANGE);
    return { address: free === undefined ? undefined : formatIpv4(free) };
  }
  const collection = `projects/${project}/${scopePath(scope)}/addresses`;
  const key = given.includes('/') ? keyOf(given, { project }) : undefined;
  if (key !== undefined) {
    const address = stringAt(world.database.get('resource', key)?.body ?? {}, 'address');
    if (address === undefined) throw notFound(key);
    return { address, reservation: key };
  }
  const row = rowsIn(world, collection).find(({ body: reserved }) => reserved['address'] === given);
  if (row === undefined) {
    throw invalidValue('resource.IPAddress', given, 'The specified IP address is not reserved in this scope.');
  }
  return { address: given, reservation: `${collection}/${String(row.body['name'])}` };
}

function refuseConflict({ world, key }: Target, address: string, portRange: string): void {
  const [from = 0, to = 0] = portRange.split('-').map(Number);
  for (const { body } of rowsIn(world, splitKey(key).collection)) {
    const [otherFrom = 0, otherTo = 0] = (stringAt(body, 'portRange') ?? '').split('-').map(Number);
    if (body['IPAddress'] !== address || from > otherTo || otherFrom > to) continue;
    const why = 'Specified IP address is in-use and would result in a conflict.';
    throw apiError(400, 'invalid', `Invalid value for field 'resource.IPAddress': '${address}'. ${why}`);
  }
}

function claims({ body }: ResourceRow): readonly AddressClaim[] {
  const address = parseIpv4(stringAt(body, 'IPAddress') ?? '');
  return address === undefined ? [] : [[EXTERNAL_POOL, address]];
}

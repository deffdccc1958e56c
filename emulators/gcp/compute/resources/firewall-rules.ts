import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { parseIpv4, parseIpv4Range } from '../../net/cidr.ts';
import { parseIpv6, parseIpv6Range } from '../../net/ipv6.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { NAME } from '../rules.ts';

const PROTOCOLS = new Set(['tcp', 'udp', 'icmp', 'esp', 'ah', 'ipip', 'sctp', 'all']);
const WITH_PORTS = new Set(['tcp', 'udp', 'sctp', '6', '17', '132']);
const MAX_ITEMS: Readonly<Record<string, number>> = {
  targetTags: 70,
  sourceTags: 30,
  sourceServiceAccounts: 10,
  targetServiceAccounts: 10,
  sourceRanges: 5_000,
  destinationRanges: 5_000,
};

/** 400 for a rule that Google would refuse. */
export function checkFirewall(rule: JsonObject): void {
  checkAction(rule);
  const priority = numberAt(rule, 'priority') ?? 1000;
  if (priority < 0 || priority > 65_535) {
    throw invalidValue('resource.priority', priority, 'Must be between 0 and 65535, inclusive.');
  }
  for (const [field, most] of Object.entries(MAX_ITEMS)) {
    const count = stringsAt(rule, field).length;
    if (count > most) throw invalidValue(`resource.${field}`, `${count} items`, `At most ${most} are allowed.`);
  }
  for (const field of ['sourceTags', 'targetTags']) {
    for (const tag of stringsAt(rule, field)) {
      if (!NAME.test(tag)) throw invalidValue(`resource.${field}`, tag, `Must be a match of regex '${NAME.source}'`);
    }
  }
  checkDirection(rule);
  checkMixture(rule);
  for (const field of ['sourceRanges', 'destinationRanges']) checkRanges(field, stringsAt(rule, field));
}

function checkAction(rule: JsonObject): void {
  const [allowed, denied] = [objectsAt(rule, 'allowed'), objectsAt(rule, 'denied')];
  if (allowed.length > 0 && denied.length > 0) {
    throw invalidValue('resource.denied', rule['denied'], 'Only one of allowed and denied can be specified.');
  }
  if (allowed.length === 0 && denied.length === 0) throw requiredField('resource.allowed');
  const field = allowed.length > 0 ? 'allowed' : 'denied';
  for (const [index, action] of [...allowed, ...denied].entries()) checkProtocol(`resource.${field}[${index}]`, action);
}

function checkProtocol(at: string, action: JsonObject): void {
  const protocol = stringAt(action, 'IPProtocol');
  if (protocol === undefined) throw requiredField(`${at}.IPProtocol`);
  const isNumber = /^\d{1,3}$/.test(protocol) && Number(protocol) <= 255;
  if (!isNumber && !PROTOCOLS.has(protocol.toLowerCase())) {
    throw invalidValue(`${at}.IPProtocol`, protocol, 'Must be a known protocol name or an IP protocol number.');
  }
  const ports = stringsAt(action, 'ports');
  if (ports.length > 0 && !WITH_PORTS.has(protocol.toLowerCase())) {
    throw invalidValue(`${at}.ports`, ports[0], `Ports are not allowed for protocol ${protocol}.`);
  }
  for (const port of ports) {
    const [, from = '', to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port) ?? [];
    if (from === '' || Number(from) > Number(to) || Number(to) > 65_535) {
      throw invalidValue(`${at}.ports`, port, 'Must be a port or a range of ports from 0 to 65535.');
    }
  }
}

function checkDirection(rule: JsonObject): void {
  const foreign = rule['direction'] === 'EGRESS' ? ['sourceRanges', 'sourceTags', 'sourceServiceAccounts'] : [];
  for (const field of foreign) {
    if (stringsAt(rule, field).length > 0) {
      throw invalidValue(`resource.${field}`, rule[field], 'Cannot be specified for an EGRESS firewall.');
    }
  }
}

/** Tags and service accounts do not go together. */
function checkMixture(rule: JsonObject): void {
  const has = (field: string) => stringsAt(rule, field).length > 0;
  for (const account of ['sourceServiceAccounts', 'targetServiceAccounts']) {
    if (has(account) && (has('sourceTags') || has('targetTags'))) {
      throw invalidValue(`resource.${account}`, rule[account], 'Service accounts and tags cannot be used together.');
    }
  }
}

/** One rule holds ranges of one IP version. */
function checkRanges(field: string, ranges: readonly string[]): void {
  const versions = new Set<number>();
  for (const range of ranges) {
    const isIpv4 = parseIpv4Range(range) !== undefined || parseIpv4(range) !== undefined;
    if (!isIpv4 && parseIpv6Range(range) === undefined && parseIpv6(range) === undefined) {
      throw invalidValue(`resource.${field}`, range, 'Must be a valid IP address range in CIDR form.');
    }
    versions.add(isIpv4 ? 4 : 6);
  }
  if (versions.size > 1) {
    throw invalidValue(`resource.${field}`, ranges.join(), 'A firewall cannot have both IPv4 and IPv6 ranges.');
  }
}

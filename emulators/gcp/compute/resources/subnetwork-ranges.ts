import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import type { Ipv4Range } from '../../net/cidr.ts';
import { overlaps, parseIpv4Range } from '../../net/cidr.ts';
import { parseSubnetRange } from '../../net/subnet-ranges.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import type { Target } from '../resource-type.ts';
import { NAME } from '../rules.ts';
import { splitKey } from '../../core/collection.ts';
import { scopeOfKey } from '../scope.ts';

/** The range in `ipCidrRange` of a request; 400 when it cannot be a subnetwork's. */
export function rangeAt(body: JsonObject, field: string): Ipv4Range {
  const text = stringAt(body, 'ipCidrRange');
  if (text === undefined) throw requiredField(field);
  const range = parseSubnetRange(text);
  if (typeof range === 'string') throw invalidValue(field, text, range);
  return range;
}

/** The primary range of a subnetwork that is stored, so it is well formed. */
export function primaryRange(body: JsonObject): Ipv4Range {
  const range = parseIpv4Range(stringAt(body, 'ipCidrRange') ?? '');
  if (range === undefined) throw new Error(`stored subnetwork with the range ${String(body['ipCidrRange'])}`);
  return range;
}

/** The key of another subnetwork of the network that has one of the addresses, in any region. */
export function conflictingSubnetwork(
  target: Target,
  networkKey: string,
  ranges: readonly Ipv4Range[],
): string | undefined {
  const { database, indexes } = target.world;
  for (const key of indexes.users(networkKey)) {
    const row = key === target.key ? undefined : database.get('resource', key);
    if (row?.type !== 'subnetworks') continue;
    if (allRanges(row.body).some((taken) => ranges.some((range) => overlaps(taken, range)))) return key;
  }
  return undefined;
}

export function conflictMessage(range: string, subnetworkKey: string): string {
  const { name } = splitKey(subnetworkKey);
  const scope = scopeOfKey(subnetworkKey);
  const region = scope.kind === 'region' ? scope.name : '';
  return `Invalid IPCidrRange: ${range} conflicts with existing subnetwork '${name}' in region '${region}'.`;
}

/** 400 when a secondary range is out of form, named twice, or overlaps anything in the network. */
export function checkSecondaryRanges(target: Target, networkKey: string, body: JsonObject, primary: Ipv4Range): void {
  const taken = [primary];
  const names = new Set<string>();
  for (const [index, secondary] of objectsAt(body, 'secondaryIpRanges').entries()) {
    const at = `resource.secondaryIpRanges[${index}]`;
    const name = stringAt(secondary, 'rangeName');
    if (name === undefined || !NAME.test(name) || names.has(name)) {
      throw invalidValue(`${at}.rangeName`, name, 'Must be a name that no other range of the subnetwork has.');
    }
    names.add(name);
    const range = rangeAt(secondary, `${at}.ipCidrRange`);
    const text = stringAt(secondary, 'ipCidrRange') ?? '';
    const conflict = conflictingSubnetwork(target, networkKey, [range]);
    if (conflict !== undefined) throw invalidValue(`${at}.ipCidrRange`, text, conflictMessage(text, conflict));
    if (taken.some((other) => overlaps(other, range))) {
      throw invalidValue(`${at}.ipCidrRange`, text, 'The range overlaps another range of the subnetwork.');
    }
    taken.push(range);
  }
}

function allRanges(body: JsonObject): readonly Ipv4Range[] {
  const secondary = objectsAt(body, 'secondaryIpRanges').flatMap(
    (range) => parseIpv4Range(stringAt(range, 'ipCidrRange') ?? '') ?? [],
  );
  return [primaryRange(body), ...secondary];
}

import type { ResourceRow } from '../../core/database.ts';
import type { AddressClaim } from '../../core/indexes.ts';
import { stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { apiError, invalidValue } from '../../http/api-error.ts';
import type { Ipv6Range } from '../../net/ipv6.ts';
import { containsIpv6, formatIpv6Range, indexIn, parseIpv6Range, subrange } from '../../net/ipv6.ts';

const POOL = 'ula';
/** Each network with internal IPv6 gets a /48 of this range, which no two networks of Google's share. */
// The text is a range.
const ALL: Ipv6Range = parseIpv6Range('fd20::/20')!;
const LENGTH = 48;
const LAST_INDEX = 2 ** (LENGTH - 20) - 1;

/** The range asked for, or a free one. 400 when it cannot be had. */
export function ulaRange(world: World, asked: string | undefined): string {
  const { pools } = world.indexes;
  if (asked === undefined) {
    const index = pools.nextFree(POOL, { first: 1, last: LAST_INDEX, prefixLength: LENGTH }) ?? 0;
    return formatIpv6Range(subrange(ALL, LENGTH, index));
  }
  const range = parseIpv6Range(asked);
  if (range?.prefixLength !== LENGTH || !containsIpv6(ALL, range.first)) {
    throw invalidValue('resource.internalIpv6Range', asked, 'Must be a /48 within fd20::/20.');
  }
  if (pools.isTaken(POOL, indexIn(ALL, LENGTH, range.first))) {
    throw apiError(409, 'alreadyExists', `The internal IPv6 range '${asked}' is used by another network.`);
  }
  return formatIpv6Range(range);
}

export function ulaClaims({ body }: ResourceRow): readonly AddressClaim[] {
  const range = parseIpv6Range(stringAt(body, 'internalIpv6Range') ?? '');
  return range === undefined ? [] : [[POOL, indexIn(ALL, LENGTH, range.first)]];
}

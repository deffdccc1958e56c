import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import { invalidValue, notFound, notReady } from '../../http/api-error.ts';
import { linkOf } from '../links.ts';
import { keyTo, linkTo } from '../references.ts';
import type { Target } from '../resource-type.ts';
import { regionOfScope } from '../scope.ts';

/** Where an interface gets its addresses. */
export interface InterfacePlace {
  readonly key: string;
  /** The stored subnetwork. */
  readonly subnetwork: JsonObject;
  /** The link to its network. */
  readonly network: string;
}

/** The subnetwork that a wished interface names. 400, or 404 when there is none; `at` is the interface in the request. */
export function placeOf(target: Target, wish: JsonObject, at: string): InterfacePlace {
  const { world, scope } = target;
  const region = regionOfScope(scope);
  const reference = stringAt(wish, 'subnetwork');
  if (reference === undefined) {
    throw invalidValue(`${at}.subnetwork`, '', 'A subnetwork must be specified for a network in custom subnet mode.');
  }
  const key = keyTo(target, reference, `${at}.subnetwork`, 'subnetworks');
  if (!key.includes(`/regions/${region}/`)) {
    const why = `The subnetwork must be in the region of the instance, ${region}.`;
    throw invalidValue(`${at}.subnetwork`, reference, why);
  }
  const row = world.database.get('resource', key);
  if (row === undefined) throw notFound(key);
  if (row.phase !== 'ready') throw notReady(key);
  const network = stringAt(row.body, 'network') ?? '';
  const wanted = stringAt(wish, 'network');
  if (wanted !== undefined && linkTo(target, wanted, `${at}.network`, 'networks') !== network) {
    throw invalidValue(`${at}.subnetwork`, reference, `The subnetwork is not in the network '${wanted}'.`);
  }
  if (row.body['purpose'] !== 'PRIVATE') {
    throw invalidValue(
      `${at}.subnetwork`,
      linkOf(key),
      `A subnetwork of purpose ${String(row.body['purpose'])} has no instances.`,
    );
  }
  return { key, subnetwork: row.body, network };
}

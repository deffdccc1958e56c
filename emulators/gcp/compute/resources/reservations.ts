import { rowsIn } from '../../core/collection-rows.ts';
import type { ResourceRow } from '../../core/database.ts';
import { stringAt, stringsAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Target } from '../resource-type.ts';
import { regionOfScope } from '../scope.ts';

/** A reserved address in the region of the target. */
export interface Reservation {
  readonly key: string;
  readonly row: ResourceRow;
}

/** The reservation of an address, external or of a subnetwork (by its link), if there is one. */
export function reservationOf(
  { world, project, scope }: Target,
  address: string,
  subnetwork: string | undefined,
): Reservation | undefined {
  const collection = `projects/${project}/regions/${regionOfScope(scope)}/addresses`;
  const row = rowsIn(world, collection).find(
    ({ body }) => body['address'] === address && stringAt(body, 'subnetwork') === subnetwork,
  );
  return row === undefined ? undefined : { key: `${collection}/${String(row.body['name'])}`, row };
}

/** The addresses that a resource has been given for as long as it wants them. */
export function reservedAddresses(world: World, row: ResourceRow): ReadonlySet<string> {
  const keys = stringsAt(row.hidden ?? {}, 'addresses');
  return new Set(keys.flatMap((key) => stringAt(world.database.get('resource', key)?.body ?? {}, 'address') ?? []));
}

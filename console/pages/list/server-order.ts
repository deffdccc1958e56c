import type { ListOrder } from '../../models/list-window.ts';
import type { Sort } from './sort-rows.ts';

/** The columns by which the server sorts: by namespace and then name, and by time of creation, where the youngest has the smallest age. */
const orders: Readonly<Record<string, readonly [ascending: ListOrder, descending: ListOrder]>> = {
  name: ['NAME', 'NAME_DESC'],
  namespace: ['NAME', 'NAME_DESC'],
  Age: ['CREATED_DESC', 'CREATED'],
};

/** Lists of so many objects are read whole where they are to be sorted as the server cannot, such as by state. */
export const sortableSize = 20_000;

/** How the server sorts so; undefined where it does not. */
export function serverOrder({ key, isDescending }: Sort): ListOrder | undefined {
  return Object.hasOwn(orders, key) ? orders[key]?.[isDescending ? 1 : 0] : undefined;
}

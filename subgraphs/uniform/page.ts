import { defaultPageSize, maxPageSize } from '../../kinds/generator/graphql-api/page.ts';
import type { Resource } from '../../kinds/object.ts';
import type { ListOptions, ListResult, Order } from '../../store/types.ts';
import { badInput } from './errors.ts';

/** Arguments of a connection field. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly filter?: FilterArgument | null;
  readonly orderBy?: keyof typeof orders | null;
}

/** Argument `filter` of lists and watches. */
export interface FilterArgument {
  readonly labelSelector?: string | null;
  readonly fieldSelector?: string | null;
  readonly text?: string | null;
}

const orders = {
  NAME: 'name',
  NAME_DESC: '-name',
  CREATED: 'created',
  CREATED_DESC: '-created',
} as const satisfies Record<string, Order>;

/** A page as the store is asked for it. Refuses a `first` out of range. */
export function listOptions({ first, after, filter, orderBy }: PageArguments): ListOptions {
  return {
    limit: pageSize(first),
    order: orders[orderBy ?? 'NAME'],
    ...(after ? { after } : {}),
    ...selectors(filter),
  };
}

/** Items asked for. Refuses a number out of range. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPageSize;
  if (size < 1 || size > maxPageSize) throw badInput(`first must be 1 to ${maxPageSize}`, 'first');
  return size;
}

/** The selectors that are given. */
export function selectors(
  filter: FilterArgument | null | undefined,
): Pick<ListOptions, 'labelSelector' | 'fieldSelector' | 'text'> {
  return {
    ...(filter?.labelSelector ? { labelSelector: filter.labelSelector } : {}),
    ...(filter?.fieldSelector ? { fieldSelector: filter.fieldSelector } : {}),
    ...(filter?.text ? { text: filter.text } : {}),
  };
}

/** A page of a store as a connection. */
export function connection(
  { items, cursors, hasMore, revision }: ListResult<Resource>,
  options: ListOptions,
  resumeToken: string | null,
  totalCount: (() => Promise<number>) | null,
): object {
  return {
    edges: () => items.map((node, index) => ({ node, cursor: cursors[index] })),
    nodes: items,
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage: options.after !== undefined,
      startCursor: cursors[0],
      endCursor: cursors.at(-1),
    },
    resourceVersion: String(revision),
    resumeToken,
    totalCount,
  };
}

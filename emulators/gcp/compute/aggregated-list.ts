import type { Json } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { filterPredicate } from '../listing/filter.ts';
import type { Listed, Page } from '../listing/page.ts';
import { pageRequest, takePage } from '../listing/page.ts';
import { REGION_NAMES, ZONE_NAMES } from './catalog/places.ts';
import { linkOf } from './links.ts';
import { itemsByKey } from './list.ts';
import { resourceSource } from './read.ts';
import type { ComputeType } from './resource-type.ts';
import { projectOf } from './scope.ts';

/** The paths of all places of a kind. */
const PATHS = {
  global: ['global'],
  region: [...REGION_NAMES].map((name) => `regions/${name}`),
  zone: [...ZONE_NAMES].map((name) => `zones/${name}`),
};

interface ScopedItem extends Listed {
  readonly scope: string;
}

/** The resources of all zones or regions, by scope; a scope without any carries a warning, as Google's do. */
export function aggregatedList(world: World, type: ComputeType, request: ApiRequest): Json {
  const project = projectOf(request);
  const scopes = scopesOf(type);
  const page: Page<ScopedItem> = takePage(
    (after) => allItems(world, type, project, scopes, after),
    pageRequest(request.query),
    filterPredicate(request.query.get('filter')),
  );
  const byScope = Map.groupBy(page.items, (item) => item.scope);
  const items = scopes.map((scope): [string, Json] => {
    const found = byScope.get(scope)?.map((item) => item.body);
    return [scope, found === undefined ? emptyScope(scope) : { [type.collection]: found }];
  });
  const key = `projects/${project}/aggregated/${type.collection}`;
  return {
    kind: `${type.kind}AggregatedList`,
    id: key,
    items: Object.fromEntries(items),
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    selfLink: linkOf(key),
  };
}

function scopesOf(type: ComputeType): readonly string[] {
  return type.scopes.flatMap((kind) => PATHS[kind]);
}

function* allItems(
  world: World,
  type: ComputeType,
  project: string,
  scopes: readonly string[],
  after: string | undefined,
): Iterable<ScopedItem> {
  for (const scope of scopes.toSorted()) {
    const source = resourceSource(world, type, `projects/${project}/${scope}/${type.collection}`);
    for (const item of itemsByKey(source, after)) yield { ...item, scope };
  }
}

function emptyScope(scope: string): Json {
  return {
    warning: {
      code: 'NO_RESULTS_ON_PAGE',
      message: `No results for the scope '${scope}'.`,
      data: [{ key: 'scope', value: scope }],
    },
  };
}

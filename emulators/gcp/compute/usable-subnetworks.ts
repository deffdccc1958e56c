import type { Json } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { REGION_NAMES } from './catalog/places.ts';
import { itemsByKey, listAnswer, listPage } from './list.ts';
import { resourceSource } from './read.ts';
import { subnetworks } from './resources/subnetworks.ts';
import { projectOf } from './scope.ts';

/** `subnetworks.listUsable`: those that the caller may use, which is all of them. */
export function usableSubnetworksRoute(world: World): Route {
  return {
    method: 'GET',
    pattern: '/compute/v1/projects/{project}/aggregated/subnetworks/listUsable',
    needs: (request) => [{ permission: 'compute.subnetworks.list', on: `projects/${projectOf(request)}` }],
    handler: (request) => listUsable(world, request),
  };
}

function listUsable(world: World, request: ApiRequest): Json {
  const project = projectOf(request);
  const bodies = new Map(
    [...REGION_NAMES].toSorted().flatMap((region) => {
      const source = resourceSource(world, subnetworks, `projects/${project}/regions/${region}/subnetworks`);
      return [...itemsByKey(source, undefined)].map(({ position, body }) => [position, body] as const);
    }),
  );
  const page = listPage(request, { keys: [...bodies.keys()], bodyOf: (key) => bodies.get(key) });
  const items = page.items.map(({ position, body }) => {
    const { network, ipCidrRange, purpose, role, stackType, secondaryIpRanges, ipv6AccessType } = body;
    const usable = { network, ipCidrRange, purpose, role, stackType, secondaryIpRanges, ipv6AccessType };
    return { position, body: { subnetwork: body['selfLink'], ...usable } };
  });
  const key = `projects/${project}/aggregated/subnetworks/listUsable`;
  return listAnswer('compute#usableSubnetworksAggregatedList', key, { ...page, items });
}

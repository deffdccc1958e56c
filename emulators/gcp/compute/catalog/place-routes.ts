import { splitKey } from '../../core/collection.ts';
import type { Json } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { ApiRequest } from '../../http/api-request.ts';
import type { Route } from '../../http/router.ts';
import { linkOf } from '../links.ts';
import { listPage } from '../list.ts';
import { projectOf, regionOfZone, scopeOf, scopePath } from '../scope.ts';
import type { Catalog } from './catalog-routes.ts';
import { catalogRoutes, stableId } from './catalog-routes.ts';
import { DISK_TYPE_NAMES, diskSizes } from './disk-types.ts';
import { MACHINE_TYPE_NAMES, machineShape, maxDisks } from './machine-shapes.ts';
import { REGION_NAMES, ZONE_NAMES, zonesOfRegion } from './places.ts';
import { regionQuotas } from './quotas.ts';

/** When the places of the catalog came to be, as far as the emulator is asked. */
const CREATED_AT = '1969-12-31T16:00:00.000-08:00';

const zones: Catalog = {
  kind: 'compute#zone',
  pattern: '/compute/v1/projects/{project}/zones',
  parameter: 'zone',
  collectionOf: (request) => `projects/${projectOf(request)}/zones`,
  names: () => [...ZONE_NAMES].toSorted(),
  bodyOf(collection, name) {
    if (!ZONE_NAMES.has(name)) return undefined;
    const key = `${collection}/${name}`;
    return {
      kind: 'compute#zone',
      id: stableId(name),
      creationTimestamp: CREATED_AT,
      name,
      description: name,
      status: 'UP',
      region: linkOf(`${collection.slice(0, -'/zones'.length)}/regions/${regionOfZone(name)}`),
      selfLink: linkOf(key),
      availableCpuPlatforms: ['Intel Cascade Lake', 'Intel Ice Lake', 'AMD Milan'],
      supportsPzs: false,
    };
  },
};

function regions(world: World): Catalog {
  return {
    kind: 'compute#region',
    pattern: '/compute/v1/projects/{project}/regions',
    parameter: 'region',
    collectionOf: (request) => `projects/${projectOf(request)}/regions`,
    names: () => [...REGION_NAMES].toSorted(),
    bodyOf(collection, name) {
      if (!REGION_NAMES.has(name)) return undefined;
      const project = collection.slice(0, -'/regions'.length);
      return {
        kind: 'compute#region',
        id: stableId(name),
        creationTimestamp: CREATED_AT,
        name,
        description: name,
        status: 'UP',
        zones: zonesOfRegion(name).map((zone) => linkOf(`${project}/zones/${zone}`)),
        quotas: regionQuotas(world, project, name),
        selfLink: linkOf(`${collection}/${name}`),
        supportsPzs: false,
      };
    },
  };
}

const machineTypes: Catalog = {
  kind: 'compute#machineType',
  pattern: '/compute/v1/projects/{project}/zones/{zone}/machineTypes',
  parameter: 'resource',
  collectionOf: (request) => `projects/${projectOf(request)}/${scopePath(scopeOf(request))}/machineTypes`,
  names: () => MACHINE_TYPE_NAMES,
  bodyOf(collection, name) {
    const shape = machineShape(name);
    if (shape === undefined) return undefined;
    return {
      kind: 'compute#machineType',
      id: stableId(name),
      creationTimestamp: CREATED_AT,
      name,
      description: `${shape.guestCpus} vCPUs, ${Math.round(shape.memoryMb / 102.4) / 10} GB RAM`,
      guestCpus: shape.guestCpus,
      memoryMb: shape.memoryMb,
      imageSpaceGb: 0,
      maximumPersistentDisks: maxDisks(shape),
      maximumPersistentDisksSizeGb: shape.isSharedCpu ? '3072' : '263168',
      isSharedCpu: shape.isSharedCpu,
      architecture: 'X86_64',
      zone: collection.split('/')[3],
      selfLink: linkOf(`${collection}/${name}`),
    };
  },
};

const diskTypes: Catalog = {
  kind: 'compute#diskType',
  pattern: '/compute/v1/projects/{project}/zones/{zone}/diskTypes',
  parameter: 'resource',
  collectionOf: (request) => `projects/${projectOf(request)}/${scopePath(scopeOf(request))}/diskTypes`,
  names: () => DISK_TYPE_NAMES,
  bodyOf(collection, name) {
    const sizes = diskSizes(name);
    if (sizes === undefined) return undefined;
    return {
      kind: 'compute#diskType',
      id: stableId(name),
      creationTimestamp: CREATED_AT,
      name,
      description: name,
      validDiskSize: sizes,
      defaultDiskSizeGb: name === 'pd-standard' ? '500' : '100',
      zone: linkOf(collection.slice(0, -'/diskTypes'.length)),
      selfLink: linkOf(`${collection}/${name}`),
    };
  },
};

/** The machine types of all zones, by zone. */
const aggregatedMachineTypes: Route = {
  method: 'GET',
  pattern: '/compute/v1/projects/{project}/aggregated/machineTypes',
  needs: (request) => [{ permission: 'compute.machineTypes.list', on: `projects/${projectOf(request)}` }],
  handler: aggregateTypes,
};

function aggregateTypes(request: ApiRequest): Json {
  const project = projectOf(request);
  const page = listPage(request, {
    keys: [...ZONE_NAMES].toSorted().flatMap((zone) => {
      return MACHINE_TYPE_NAMES.map((name) => `projects/${project}/zones/${zone}/machineTypes/${name}`);
    }),
    bodyOf: (key) => machineTypes.bodyOf(splitKey(key).collection, splitKey(key).name),
  });
  const byZone = Map.groupBy(page.items, ({ position }) => position.split('/').slice(2, 4).join('/'));
  const items = [...byZone].map(([zone, list]) => [zone, { machineTypes: list.map(({ body }) => body) }]);
  const key = `projects/${project}/aggregated/machineTypes`;
  return {
    kind: 'compute#machineTypeAggregatedList',
    id: key,
    items: Object.fromEntries(items),
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    selfLink: linkOf(key),
  };
}

export function placeRoutes(world: World): readonly Route[] {
  return [...[zones, regions(world), machineTypes, diskTypes].flatMap(catalogRoutes), aggregatedMachineTypes];
}

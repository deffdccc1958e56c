import { splitKey } from '../../core/collection.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { digestOf } from '../../core/fingerprint.ts';
import { notFound } from '../../http/api-error.ts';
import type { ApiRequest } from '../../http/api-request.ts';
import { param } from '../../http/api-request.ts';
import type { Route } from '../../http/router.ts';
import { listAnswer, listPage } from '../list.ts';
import { projectOf } from '../scope.ts';

/** A collection that Google fills and nobody writes, such as the zones. */
export interface Catalog {
  /** `compute#zone` */
  readonly kind: string;
  /** Pattern of the collection: `/compute/v1/projects/{project}/zones`. */
  readonly pattern: string;
  /** Name of the path parameter for one of them; the same as in other patterns that go on behind it. */
  readonly parameter: string;
  /** Key of the collection, checked: `projects/p/zones`. */
  collectionOf(request: ApiRequest): string;
  /** In order. */
  names(collection: string): readonly string[];
  bodyOf(collection: string, name: string): JsonObject | undefined;
}

/** get and list of a catalog. */
export function catalogRoutes(catalog: Catalog): readonly Route[] {
  // Public images belong to nobody who could refuse them.
  const isPublic = catalog.kind === 'compute#image';
  const name = catalog.pattern.slice(catalog.pattern.lastIndexOf('/') + 1);
  const needs = (verb: string) => (request: ApiRequest) =>
    isPublic ? [] : [{ permission: `compute.${name}.${verb}`, on: `projects/${projectOf(request)}` }];
  return [
    { method: 'GET', pattern: catalog.pattern, needs: needs('list'), handler: (request) => list(catalog, request) },
    {
      method: 'GET',
      pattern: `${catalog.pattern}/{${catalog.parameter}}`,
      needs: needs('get'),
      handler: (request) => get(catalog, request),
    },
  ];
}

/** A numeric id that is always the same for a key: nothing of a catalog is stored. */
export function stableId(key: string): string {
  return BigInt(`0x${digestOf(key).slice(0, 15)}`)
    .toString()
    .padStart(19, '1');
}

function list(catalog: Catalog, request: ApiRequest): Json {
  const collection = catalog.collectionOf(request);
  const page = listPage(request, {
    keys: catalog.names(collection).map((name) => `${collection}/${name}`),
    bodyOf: (key) => catalog.bodyOf(collection, splitKey(key).name),
  });
  return listAnswer(`${catalog.kind}List`, collection, page);
}

function get(catalog: Catalog, request: ApiRequest): Json {
  const collection = catalog.collectionOf(request);
  const name = param(request, catalog.parameter);
  const body = catalog.bodyOf(collection, name);
  if (body === undefined) throw notFound(`${collection}/${name}`);
  return body;
}

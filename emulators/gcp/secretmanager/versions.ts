import { rowsIn } from '../core/collection-rows.ts';
import { splitKey } from '../core/collection.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { objectAt, stringAt } from '../core/json.ts';
import { utcTime } from '../core/timestamps.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { filterPredicate } from '../listing/filter.ts';
import { nextSlice } from '../listing/slice.ts';
import { requireMessage } from '../schema/require-message.ts';
import { crc32c } from './crc32c.ts';
import { SECRET_SCHEMA } from './schema.ts';
import { findSecret, findVersion, lastVersion, putWithEtag, requireEtag } from './secret-rows.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_PAGE = 25_000;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

export function versionRoutes(world: World): readonly Route[] {
  const secret = '/v1/projects/{project}/secrets/{secret}';
  const version = `${secret}/versions/{version}`;
  const change = (state: 'ENABLED' | 'DISABLED' | 'DESTROYED') => (request: ApiRequest) =>
    setState(world, request, state);
  return [
    { method: 'POST', pattern: `${secret}/:addVersion`, handler: (request) => add(world, request) },
    { method: 'GET', pattern: `${secret}/versions`, handler: (request) => list(world, request) },
    { method: 'GET', pattern: version, handler: (request) => findVersion(world, request).row.body },
    { method: 'GET', pattern: `${version}/:access`, handler: (request) => access(world, request) },
    { method: 'POST', pattern: `${version}/:enable`, handler: change('ENABLED') },
    { method: 'POST', pattern: `${version}/:disable`, handler: change('DISABLED') },
    { method: 'POST', pattern: `${version}/:destroy`, handler: change('DESTROYED') },
  ];
}

function add(world: World, request: ApiRequest): Json {
  requireMessage(SECRET_SCHEMA, 'AddSecretVersionRequest', request.body, 'request');
  const secret = findSecret(world, request);
  const payload = objectAt(request.body, 'payload');
  const data = stringAt(payload, 'data') ?? '';
  if (!BASE64.test(data))
    throw apiError(400, 'badRequest', "Invalid value at 'payload.data' (TYPE_BYTES), Base64 decoding failed.");
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    throw apiError(400, 'badRequest', `The payload must be at most ${MAX_PAYLOAD_BYTES} bytes.`);
  }
  const checksum = payload['dataCrc32c'];
  if (checksum !== undefined && String(checksum) !== `${crc32c(bytes)}`) {
    throw apiError(400, 'badRequest', 'The CRC32C checksum of the payload does not match the one provided.');
  }
  const number = lastVersion(secret.row) + 1;
  world.database.put('resource', secret.key, { ...secret.row, hidden: { ...secret.row.hidden, lastVersion: number } });
  const body = {
    name: `${String(secret.row.body['name'])}/versions/${number}`,
    createTime: utcTime(world.clock.now()),
    state: 'ENABLED',
    replicationStatus: { automatic: {} },
    ...(checksum === undefined ? {} : { clientSpecifiedPayloadChecksum: true }),
  };
  const hidden = { data: bytes.toString('base64') };
  return putWithEtag(world, `${secret.key}/versions/${number}`, { type: 'versions', phase: 'ready', body, hidden });
}

function list(world: World, request: ApiRequest): Json {
  const collection = `${findSecret(world, request).key}/versions`;
  const passes = filterPredicate(request.query.get('filter'));
  const bodies = rowsIn(world, collection)
    .map((row) => row.body)
    .toSorted((left, right) => numberOf(right) - numberOf(left))
    .filter(passes);
  const { items, nextPageToken } = nextSlice(bodies, request.query, { defaultSize: MAX_PAGE, maxSize: MAX_PAGE });
  return {
    ...(items.length === 0 ? {} : { versions: items }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(bodies.length === 0 ? {} : { totalSize: bodies.length }),
  };
}

function access(world: World, request: ApiRequest): Json {
  const { row } = findVersion(world, request);
  const name = String(row.body['name']);
  if (row.body['state'] !== 'ENABLED') throw wrongState(name, row.body['state'] ?? null);
  const data = stringAt(row.hidden ?? {}, 'data') ?? '';
  return { name, payload: { data, dataCrc32c: `${crc32c(Buffer.from(data, 'base64'))}` } };
}

/** Destruction is final; the payload goes with it. */
function setState(world: World, request: ApiRequest, state: 'ENABLED' | 'DISABLED' | 'DESTROYED'): Json {
  requireMessage(SECRET_SCHEMA, 'VersionRequest', request.body, 'request');
  const { key, row } = findVersion(world, request);
  requireEtag(row, stringAt(request.body, 'etag'));
  if (row.body['state'] === state) return row.body;
  if (row.body['state'] === 'DESTROYED') throw wrongState(String(row.body['name']), 'DESTROYED');
  const destroyed = state === 'DESTROYED' ? { destroyTime: utcTime(world.clock.now()) } : {};
  const hidden = state === 'DESTROYED' ? {} : (row.hidden ?? {});
  return putWithEtag(world, key, { ...row, hidden, body: { ...row.body, state, ...destroyed } });
}

function wrongState(name: string, state: Json): Error {
  const message = `Secret Version [${name}] is in ${String(state)} state.`;
  return apiError(400, 'failedPrecondition', message, 'FAILED_PRECONDITION');
}

function numberOf(version: JsonObject): number {
  return Number(splitKey(String(version['name'])).name);
}

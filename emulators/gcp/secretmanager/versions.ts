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
import { scheduleDestruction } from './expiry.ts';
import { secondsAt } from './secret-fields.ts';
import { findSecret, findVersion, lastVersion, putWithEtag, requireEtag, secretOf } from './secret-rows.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_PAGE = 25_000;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

export function versionRoutes(world: World): readonly Route[] {
  const secret = '/v1/projects/{project}/secrets/{secret}';
  const version = `${secret}/versions/{version}`;
  const route = (method: string, pattern: string, verb: string, of: string, handler: Route['handler']): Route => ({
    method,
    pattern,
    answer: `secretmanager.${of}`,
    needs: (request) => [{ permission: `secretmanager.versions.${verb}`, on: versionOf(world, request) }],
    handler,
  });
  const change = (verb: string, state: 'ENABLED' | 'DISABLED' | 'DESTROYED') =>
    route('POST', `${version}/:${verb}`, verb, 'SecretVersion', (request) => setState(world, request, state));
  return [
    route('POST', `${secret}/:addVersion`, 'add', 'SecretVersion', (request) => add(world, request)),
    route('GET', `${secret}/versions`, 'list', 'ListSecretVersionsResponse', (request) => list(world, request)),
    route('GET', version, 'get', 'SecretVersion', (request) => findVersion(world, request).row.body),
    route('GET', `${version}/:access`, 'access', 'AccessSecretVersionResponse', (request) => access(world, request)),
    change('enable', 'ENABLED'),
    change('disable', 'DISABLED'),
    change('destroy', 'DESTROYED'),
  ];
}

/** Key of the version that a path names, or of its secret. */
function versionOf(world: World, request: ApiRequest): string {
  const { version } = request.params;
  return version === undefined ? secretOf(world, request) : `${secretOf(world, request)}/versions/${version}`;
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
    createTime: utcTime(world.clock.wall()),
    state: 'ENABLED',
    replicationStatus: { automatic: {} },
    ...(checksum === undefined ? {} : { clientSpecifiedPayloadChecksum: true }),
  };
  const hidden = { data: bytes.toString('base64'), createdMs: world.clock.now() };
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

/** Destruction is final, and the payload goes with it; a secret may want a grace before that. */
function setState(world: World, request: ApiRequest, state: 'ENABLED' | 'DISABLED' | 'DESTROYED'): Json {
  requireMessage(SECRET_SCHEMA, 'VersionRequest', request.body, 'request');
  const { key, row } = findVersion(world, request);
  requireEtag(row, stringAt(request.body, 'etag'));
  const { scheduledDestroyTime, ...body } = row.body;
  if (body['state'] === state && scheduledDestroyTime === undefined) return row.body;
  if (body['state'] === 'DESTROYED') throw wrongState(String(body['name']), 'DESTROYED');
  if (state !== 'DESTROYED') return putWithEtag(world, key, { ...row, body: { ...body, state } });
  const nowMs = world.clock.now();
  const graceMs = (secondsAt(findSecret(world, request).row.body, 'versionDestroyTtl') ?? 0) * 1_000;
  if (graceMs === 0) {
    return putWithEtag(world, key, { ...row, hidden: {}, body: { ...body, state, destroyTime: utcTime(nowMs) } });
  }
  scheduleDestruction(world, key, nowMs + graceMs);
  const due = { ...body, state: 'DISABLED', scheduledDestroyTime: utcTime(nowMs + graceMs) };
  return putWithEtag(world, key, { ...row, body: due });
}

function wrongState(name: string, state: Json): Error {
  const message = `Secret Version [${name}] is in ${String(state)} state.`;
  return apiError(400, 'failedPrecondition', message, 'FAILED_PRECONDITION');
}

function numberOf(version: JsonObject): number {
  return Number(splitKey(String(version['name'])).name);
}

import { rowsIn } from '../core/collection-rows.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { objectAt } from '../core/json.ts';
import { utcTime } from '../core/timestamps.ts';
import type { World } from '../core/world.ts';
import { apiError, notImplemented } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { readPolicy, writePolicy } from '../iam/policy.ts';
import { filterPredicate } from '../listing/filter.ts';
import { nextSlice } from '../listing/slice.ts';
import { requireMessage } from '../schema/require-message.ts';
import { SECRET_SCHEMA, UNSUPPORTED_SECRET_FIELDS } from './schema.ts';
import { findSecret, projectId, putWithEtag, requireEtag, secretKey, secretName } from './secret-rows.ts';

const SECRET_ID = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_PAGE = 25_000;
const MAX_LABELS = 64;
const MAX_ANNOTATIONS_BYTES = 16 * 1024;
const MUTABLE = ['labels', 'annotations', 'versionAliases'];
const LABEL = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

export function secretRoutes(world: World): readonly Route[] {
  const collection = '/v1/projects/{project}/secrets';
  const secret = `${collection}/{secret}`;
  return [
    { method: 'POST', pattern: collection, handler: (request) => create(world, request) },
    { method: 'GET', pattern: collection, handler: (request) => list(world, request) },
    { method: 'GET', pattern: secret, handler: (request) => findSecret(world, request).row.body },
    { method: 'PATCH', pattern: secret, handler: (request) => patch(world, request) },
    { method: 'DELETE', pattern: secret, handler: (request) => remove(world, request) },
    // Reading a policy is a GET here, and a POST in IAM.
    {
      method: 'GET',
      pattern: `${secret}/:getIamPolicy`,
      handler: (request) => readPolicy(findSecret(world, request).row),
    },
    { method: 'POST', pattern: `${secret}/:setIamPolicy`, handler: (request) => setPolicy(world, request) },
  ];
}

function create(world: World, request: ApiRequest): Json {
  const wanted = checkSecret(request.body);
  const secretId = request.query.get('secretId') ?? '';
  if (!SECRET_ID.test(secretId)) throw apiError(400, 'badRequest', `The secret id must match ${SECRET_ID.source}.`);
  const { replication, ...rest } = wanted;
  if (objectAt(wanted, 'replication')['automatic'] === undefined) {
    throw apiError(400, 'badRequest', "Field [replication] is required; the GCP emulator has only 'automatic'.");
  }
  const key = secretKey(world, request, secretId);
  const name = secretName(world, request, secretId);
  if (world.database.get('resource', key) !== undefined) {
    throw apiError(409, 'alreadyExists', `Secret [${name}] already exists.`);
  }
  const body = { ...rest, name, replication, createTime: utcTime(world.clock.now()) };
  return putWithEtag(world, key, { type: 'secrets', phase: 'ready', body });
}

function list(world: World, request: ApiRequest): Json {
  const collection = `projects/${projectId(world, request)}/secrets`;
  const passes = filterPredicate(request.query.get('filter'));
  const bodies = rowsIn(world, collection)
    .map((row) => row.body)
    .filter(passes)
    .toSorted((left, right) => (String(left['createTime']) > String(right['createTime']) ? -1 : 1));
  const { items, nextPageToken } = nextSlice(bodies, request.query, { defaultSize: MAX_PAGE, maxSize: MAX_PAGE });
  return {
    ...(items.length === 0 ? {} : { secrets: items }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(bodies.length === 0 ? {} : { totalSize: bodies.length }),
  };
}

function patch(world: World, request: ApiRequest): Json {
  const wanted = checkSecret(request.body);
  const { key, row } = findSecret(world, request);
  requireEtag(row, wanted['etag'] as string | undefined);
  const mask = (request.query.get('updateMask') ?? '').split(',').filter((field) => field !== '');
  const fixed = mask.find((field) => !MUTABLE.includes(field));
  if (mask.length === 0 || fixed !== undefined) {
    throw apiError(400, 'badRequest', `The update mask must name some of ${MUTABLE.join(', ')}, not '${fixed ?? ''}'.`);
  }
  const changed = Object.fromEntries(mask.map((field) => [field, wanted[field]]));
  return putWithEtag(world, key, { ...row, body: { ...row.body, ...changed } });
}

function remove(world: World, request: ApiRequest): Json {
  const { key, row } = findSecret(world, request);
  requireEtag(row, request.query.get('etag') ?? undefined);
  for (const version of world.indexes.resources.keys(`${key}/versions`).slice())
    world.database.delete('resource', version);
  world.database.delete('resource', key);
  return {};
}

function setPolicy(world: World, request: ApiRequest): Json {
  requireMessage(SECRET_SCHEMA, 'SetIamPolicyRequest', request.body, 'request');
  const { key, row } = findSecret(world, request);
  return writePolicy(world, key, row, request.body);
}

function checkSecret(body: JsonObject): JsonObject {
  const unsupported = UNSUPPORTED_SECRET_FIELDS.find((field) => body[field] !== undefined);
  if (unsupported !== undefined) throw notImplemented(`the field secret.${unsupported}`);
  requireMessage(SECRET_SCHEMA, 'Secret', body, 'secret');
  const labels = Object.entries(objectAt(body, 'labels'));
  const wrong = labels.find(([key, value]) => !LABEL.test(key) || key === '' || !LABEL.test(String(value)));
  if (labels.length > MAX_LABELS || wrong !== undefined) {
    throw apiError(
      400,
      'badRequest',
      `Invalid labels: at most ${MAX_LABELS}, of 63 lowercase letters, digits, _ and -.`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(objectAt(body, 'annotations'))) > MAX_ANNOTATIONS_BYTES) {
    throw apiError(400, 'badRequest', 'Annotations must be at most 16 KiB in all.');
  }
  return body;
}

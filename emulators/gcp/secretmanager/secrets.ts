import { listedRows } from '../core/collection-rows.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { objectAt, objectsAt, stringAt, stringsAt } from '../core/json.ts';
import { utcTime } from '../core/timestamps.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { isAllowed } from '../iam/authorize.ts';
import { readPolicy, writePolicy } from '../iam/policy.ts';
import { filterPredicate } from '../listing/filter.ts';
import { nextSlice } from '../listing/slice.ts';
import { requireMessage } from '../schema/require-message.ts';
import { scheduleExpiry } from './expiry.ts';
import { SECRET_SCHEMA } from './schema.ts';
import { checkedSecret, secondsAt } from './secret-fields.ts';
import { findSecret, projectId, putWithEtag, requireEtag, secretKey, secretName, secretOf } from './secret-rows.ts';

const SECRET_ID = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_PAGE = 25_000;
const MUTABLE = [
  'labels',
  'annotations',
  'versionAliases',
  'topics',
  'rotation',
  'expireTime',
  'ttl',
  'versionDestroyTtl',
];

export function secretRoutes(world: World): readonly Route[] {
  const collection = '/v1/projects/{project}/secrets';
  const secret = `${collection}/{secret}`;
  const needs = (verb: string) => (request: ApiRequest) => [
    { permission: `secretmanager.secrets.${verb}`, on: secretOf(world, request) },
  ];
  const onProject = (verb: string) => (request: ApiRequest) => [
    { permission: `secretmanager.secrets.${verb}`, on: `projects/${projectId(world, request)}` },
  ];
  const answer = 'secretmanager.Secret';
  const route = (
    method: string,
    pattern: string,
    of: string,
    who: Route['needs'],
    handler: Route['handler'],
  ): Route => ({
    method,
    pattern,
    answer: of,
    handler,
    ...(who === undefined ? {} : { needs: who }),
  });
  return [
    route('POST', collection, answer, onProject('create'), (request) => create(world, request)),
    route('GET', collection, 'secretmanager.ListSecretsResponse', onProject('list'), (request) => list(world, request)),
    route('GET', secret, answer, needs('get'), (request) => shown(world, findSecret(world, request).row.body)),
    route('PATCH', secret, answer, needs('update'), (request) => patch(world, request)),
    route('DELETE', secret, 'secretmanager.Empty', needs('delete'), (request) => remove(world, request)),
    // Reading a policy is a GET here, and a POST in IAM.
    route('GET', `${secret}/:getIamPolicy`, 'secretmanager.Policy', needs('getIamPolicy'), (request) =>
      readPolicy(world, findSecret(world, request).row.hidden ?? {}),
    ),
    route('POST', `${secret}/:setIamPolicy`, 'secretmanager.Policy', needs('setIamPolicy'), (request) =>
      setPolicy(world, request),
    ),
    route('POST', `${secret}/:testIamPermissions`, 'secretmanager.TestIamPermissionsResponse', undefined, (request) =>
      testPermissions(world, request),
    ),
  ];
}

function create(world: World, request: ApiRequest): Json {
  const wanted = checkedSecret(request.body, world.clock.now());
  const secretId = request.query.get('secretId') ?? '';
  if (!SECRET_ID.test(secretId)) throw apiError(400, 'badRequest', `The secret id must match ${SECRET_ID.source}.`);
  const { replication, ...rest } = wanted;
  checkReplication(wanted);
  const key = secretKey(world, request, secretId);
  const name = secretName(world, request, secretId);
  if (world.database.get('resource', key) !== undefined) {
    throw apiError(409, 'alreadyExists', `Secret [${name}] already exists.`);
  }
  const body = { ...rest, name, replication, createTime: utcTime(world.clock.wall()) };
  const stored = putWithEtag(world, key, { type: 'secrets', phase: 'ready', body });
  scheduleExpiry(world, key, stored);
  return stored;
}

/** Either automatic, or in places that the caller names. */
function checkReplication(wanted: JsonObject): void {
  const replication = objectAt(wanted, 'replication');
  const places = objectsAt(objectAt(replication, 'userManaged'), 'replicas');
  const isAutomatic = replication['automatic'] !== undefined;
  if (isAutomatic === places.length > 0) {
    throw apiError(400, 'badRequest', 'Field [replication] must be automatic, or user managed with replicas.');
  }
  if (new Set(places.map((place) => place['location'])).size < places.length) {
    throw apiError(400, 'badRequest', 'Each replica must be in a location of its own.');
  }
}

/** The next rotation that is still to come: messages to topics go nowhere here. */
function shown(world: World, secret: JsonObject): JsonObject {
  const rotation = objectAt(secret, 'rotation');
  const periodMs = (secondsAt(rotation, 'rotationPeriod') ?? 0) * 1_000;
  const nextMs = Date.parse(stringAt(rotation, 'nextRotationTime') ?? '');
  const lateMs = world.clock.now() - nextMs;
  if (!(lateMs >= 0)) return secret;
  if (periodMs === 0) return { ...secret, rotation: undefined };
  const later = nextMs + (Math.floor(lateMs / periodMs) + 1) * periodMs;
  return { ...secret, rotation: { ...rotation, nextRotationTime: utcTime(later) } };
}

function list(world: World, request: ApiRequest): Json {
  const collection = `projects/${projectId(world, request)}/secrets`;
  const passes = filterPredicate(request.query.get('filter'));
  const bodies = listedRows(world, collection)
    .map((row) => shown(world, row.body))
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
  const { key, row } = findSecret(world, request);
  const wanted = checkedSecret({ ...inherited(row.body, request.body), ...request.body }, world.clock.now());
  requireEtag(row, stringAt(request.body, 'etag'));
  const mask = (request.query.get('updateMask') ?? '').split(',').filter((field) => field !== '');
  const fixed = mask.find((field) => !MUTABLE.includes(field));
  if (mask.length === 0 || fixed !== undefined) {
    throw apiError(400, 'badRequest', `The update mask must name some of ${MUTABLE.join(', ')}, not '${fixed ?? ''}'.`);
  }
  const changed = Object.fromEntries(
    mask.map((field) => (field === 'ttl' ? ['expireTime', wanted['expireTime']] : [field, wanted[field]])),
  );
  const stored = putWithEtag(world, key, { ...row, body: { ...row.body, ...changed } });
  scheduleExpiry(world, key, stored);
  return stored;
}

/** A rotation in a patch may rest on the topics that the secret has. */
function inherited(secret: JsonObject, sent: JsonObject): JsonObject {
  return sent['rotation'] === undefined || secret['topics'] === undefined ? {} : { topics: secret['topics'] };
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

function testPermissions(world: World, request: ApiRequest): Json {
  requireMessage(SECRET_SCHEMA, 'TestIamPermissionsRequest', request.body, 'request');
  const { key } = findSecret(world, request);
  const held = stringsAt(request.body, 'permissions').filter((permission) =>
    isAllowed(world, request.caller, { permission, on: key }),
  );
  return held.length === 0 ? {} : { permissions: held };
}

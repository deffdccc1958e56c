import { consistencyOf } from '../core/consistency.ts';
import { digestOf } from '../core/fingerprint.ts';
import type { ResourceRow } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import { numberAt, objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';

/** A secret or a version as it was found. */
export interface Found {
  readonly key: string;
  readonly row: ResourceRow;
}

/** What Google calls the secret: with the project's number. */
export function secretName(world: World, request: ApiRequest, secretId: string): string {
  return `projects/${world.projects.numberOf(projectId(world, request))}/secrets/${secretId}`;
}

export function secretKey(world: World, request: ApiRequest, secretId: string): string {
  return `projects/${projectId(world, request)}/secrets/${secretId}`;
}

/** Key of the secret that a path names, whether it is there or not. */
export function secretOf(world: World, request: ApiRequest): string {
  return secretKey(world, request, param(request, 'secret'));
}

export function findSecret(world: World, request: ApiRequest): Found {
  const secretId = param(request, 'secret');
  const key = secretKey(world, request, secretId);
  const row = world.database.get('resource', key);
  if (row === undefined) throw apiError(404, 'notFound', `Secret [${secretName(world, request, secretId)}] not found.`);
  return { key, row };
}

/** A version by number, by alias, or `latest`: the one created last, whatever its state. */
export function findVersion(world: World, request: ApiRequest): Found {
  const secret = findSecret(world, request);
  const given = param(request, 'version');
  const aliases = objectAt(secret.row.body, 'versionAliases');
  const alias = Object.hasOwn(aliases, given) ? numberAt(aliases, given) : undefined;
  const number = given === 'latest' ? latestVersion(world, secret) : (alias ?? given);
  const key = `${secret.key}/versions/${number}`;
  const row = world.database.get('resource', key);
  if (row !== undefined) return { key, row };
  const name = `${String(secret.row.body['name'])}/versions/${given}`;
  throw apiError(404, 'notFound', `Secret Version [${name}] not found.`);
}

/** The number of the version created last, as far as that is known everywhere. */
function latestVersion(world: World, { key, row }: Found): number {
  const { latestLagMs } = consistencyOf(world);
  let number = lastVersion(row);
  const isNew = () => {
    const version = world.database.get('resource', `${key}/versions/${number}`);
    return (numberAt(version?.hidden ?? {}, 'createdMs') ?? 0) + latestLagMs > world.clock.now();
  };
  while (latestLagMs > 0 && number > 1 && isNew()) number -= 1;
  return number;
}

/** How many versions the secret has had. */
export function lastVersion(row: ResourceRow): number {
  return numberAt(row.hidden ?? {}, 'lastVersion') ?? 0;
}

/** Puts the row with a new etag, and returns its body. */
export function putWithEtag(world: World, key: string, row: ResourceRow): JsonObject {
  const etag = `"${digestOf(`${key} ${world.database.nextCount()}`).slice(0, 14)}"`;
  const body = { ...row.body, etag };
  world.database.put('resource', key, { ...row, body });
  return body;
}

/** 400 when the caller's etag is not the one in force; none means any. */
export function requireEtag(row: ResourceRow, etag: string | undefined): void {
  if (etag === undefined || etag === '' || etag === stringAt(row.body, 'etag')) return;
  const message = `The etag [${etag}] does not match that of [${String(row.body['name'])}].`;
  throw apiError(400, 'failedPrecondition', message, 'FAILED_PRECONDITION');
}

export function projectId(world: World, request: ApiRequest): string {
  return world.projects.idOf(param(request, 'project'));
}

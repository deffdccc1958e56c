import { digestOf } from '../core/fingerprint.ts';
import type { World } from '../core/world.ts';
import { apiError, invalidValue } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';

/** Google promises to know a request id for 60 minutes. */
const RETENTION_MS = 60 * 60_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ZERO_UUID = /^[0-]+$/;

/** The request's id, or undefined when it has none. 400 when it is no UUID, or the zero one. */
export function requestIdOf(request: ApiRequest): string | undefined {
  const id = request.query.get('requestId') ?? undefined;
  if (id === undefined || (UUID.test(id) && !ZERO_UUID.test(id))) return id;
  throw invalidValue('requestId', id, 'Must be a UUID other than the zero UUID.');
}

/**
 * The operation that the same request has started before, or undefined when the id is new. Another request with the
 * same id is refused: Google's answer to that is not documented, and a silent one would hide a caller's mistake.
 */
export function replayedOperation(world: World, project: string, request: ApiRequest): string | undefined {
  const id = requestIdOf(request);
  const known = id === undefined ? undefined : world.database.get('request', requestKey(project, id));
  if (known === undefined || known.atMs + RETENTION_MS <= world.clock.now()) return undefined;
  if (known.fingerprint === fingerprintOfRequest(request)) return known.operationKey;
  throw apiError(400, 'invalid', `Request id '${id}' was used before for another request.`);
}

/** Remembers which operation the request has started. */
export function rememberRequest(world: World, project: string, request: ApiRequest, operationKey: string): void {
  const id = requestIdOf(request);
  if (id === undefined) return;
  const { database } = world;
  const atMs = world.clock.now();
  forgetExpired(world, atMs);
  database.put('request', requestKey(project, id), { fingerprint: fingerprintOfRequest(request), operationKey, atMs });
}

/** Rows stand in the order in which they were put, so the oldest come first. */
function forgetExpired(world: World, nowMs: number): void {
  for (const [key, { atMs }] of world.database.entries('request')) {
    if (atMs + RETENTION_MS > nowMs) return;
    world.database.delete('request', key);
  }
}

function requestKey(project: string, id: string): string {
  return `${project}/${id.toLowerCase()}`;
}

function fingerprintOfRequest(request: ApiRequest): string {
  const query = [...request.query].filter(([name]) => name !== 'requestId').toSorted();
  return digestOf(`${request.method} ${request.path} ${JSON.stringify(query)} ${JSON.stringify(request.body)}`);
}

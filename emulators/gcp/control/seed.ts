import type { Json, JsonObject } from '../core/json.ts';
import { objectAt, objectsAt, stringAt } from '../core/json.ts';
import type { Emulator } from '../emulator.ts';
import { ApiError } from '../http/api-error.ts';

/**
 * Makes a state out of calls of Google's APIs, `[{method?, path, body?}]`, done in order and without asking who calls.
 * Throws an Error for the first that does not succeed, or whose operation fails.
 */
export async function seed({ world, router }: Emulator, body: JsonObject): Promise<Json> {
  const requests = objectsAt(body, 'requests');
  for (const [index, request] of requests.entries()) {
    const method = stringAt(request, 'method') ?? 'POST';
    const [path = '', query = ''] = (stringAt(request, 'path') ?? '').split('?', 2);
    const match = router.match(method, path);
    const at = `requests[${index}], ${method} ${path}`;
    if (match === undefined) throw new Error(`${at}: no such call`);
    try {
      const answer = await world.database.transaction(() =>
        match.route.handler({
          method,
          path,
          params: match.params,
          query: new URLSearchParams(query),
          body: objectAt(request, 'body'),
          operationFault: { kind: 'slow-operation', ms: 0 },
          caller: undefined,
          signal: new AbortController().signal,
        }),
      );
      const failure = objectsAt(objectAt(answer as JsonObject, 'error'), 'errors')[0];
      if (failure !== undefined) throw new Error(`${at}: ${JSON.stringify(failure)}`);
    } catch (error) {
      throw error instanceof ApiError ? new Error(`${at}: ${error.message}`, { cause: error }) : error;
    }
    world.timers.settle();
  }
  return { done: requests.length };
}

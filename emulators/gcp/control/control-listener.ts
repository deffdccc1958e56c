import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../core/json.ts';
import type { Emulator } from '../emulator.ts';
import { ApiError } from '../http/api-error.ts';
import { readJsonBody } from '../http/read-body.ts';
import { CONTROL_CALLS } from './control-calls.ts';

/** A snapshot may be large. */
const MAX_BODY_BYTES = 1024 * 1024 * 1024;

/** One call of the control API. It may throw an Error, which becomes a 400 with its message. */
export type ControlCall = (emulator: Emulator, body: JsonObject, query: URLSearchParams) => unknown;

/** Answers the control API: what tests and people use to look behind the emulator and to disturb it. */
export function createControlListener(emulator: Emulator) {
  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '', query = ''] = (message.url ?? '').split('?', 2);
    const call = CONTROL_CALLS[`${message.method} ${path}`];
    try {
      const body = await readJsonBody(message, MAX_BODY_BYTES);
      if (call === undefined)
        send(response, 404, { error: `no such call; there are: ${Object.keys(CONTROL_CALLS).join(', ')}` });
      else {
        emulator.world.timers.settle();
        const answer = await call(emulator, body, new URLSearchParams(query));
        emulator.world.timers.settle();
        send(response, 200, answer);
      }
    } catch (error) {
      const status = error instanceof ApiError ? error.detail.httpStatus : 400;
      send(response, status, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(`${JSON.stringify((body ?? {}) as Json, undefined, 2)}\n`);
}

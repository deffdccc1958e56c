import { discoveryAnswer } from '../discovery/discovery-answer.ts';
import { openapiAnswer } from '../openapi/openapi-answer.ts';
import type { ServedResources } from '../served/served-resources.ts';
import { type Gate, requirePath } from './authorised.ts';
import type { Answer, Call } from './call.ts';

/** What Go's servers say of a path that nobody serves. */
export const notAPath: Answer = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  headers: { 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
};

/** Answers a path that is no resource: discovery, OpenAPI, or nothing. */
export async function documentAnswer(
  { served, ...gate }: Gate & { readonly served: ServedResources },
  call: Call,
): Promise<Answer> {
  requirePath(gate, call);
  return discoveryAnswer(call, served) ?? openapiAnswer(call, served) ?? notAPath;
}

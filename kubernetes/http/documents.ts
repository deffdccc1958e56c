import { configurationPath, keysPath } from '../../access/tokens/discovery.ts';
import { discoveryAnswer } from '../discovery/discovery-answer.ts';
import { openapiAnswer } from '../openapi/openapi-answer.ts';
import { requirePath } from './authorised.ts';
import type { Answer, Call } from './call.ts';
import type { Parts } from './parts.ts';

/** What Go's servers say of a path that nobody serves. */
export const notAPath: Answer = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  headers: { 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
};

/** Answers a path that is no resource: discovery, OpenAPI, what verifies tokens of service accounts, or nothing. */
export async function documentAnswer(
  parts: Pick<Parts, 'authority' | 'onDenied' | 'served' | 'serviceAccounts'>,
  call: Call,
): Promise<Answer> {
  requirePath(parts, call);
  const { served, serviceAccounts } = parts;
  switch (call.path) {
    case configurationPath:
      return publicDocument('application/json', serviceAccounts.discovery.configuration);
    case keysPath:
      return publicDocument('application/jwk-set+json', await serviceAccounts.discovery.keys());
    default:
      return discoveryAnswer(call, served) ?? openapiAnswer(call, served) ?? notAPath;
  }
}

/** A document that whoever verifies tokens keeps for as long as a new key waits before it signs. */
function publicDocument(type: string, value: object): Answer {
  return { status: 200, type, headers: { 'cache-control': 'public, max-age=600' }, body: JSON.stringify(value) };
}

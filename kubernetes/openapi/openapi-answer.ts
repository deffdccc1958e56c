import { documentAnswer, type Document } from '../discovery/document.ts';
import { parseAccept, type AcceptItem } from '../form/accept.ts';
import type { Answer, Call } from '../http/call.ts';
import type { ServedResources } from '../served/served-resources.ts';
import { methodNotAllowed, notAcceptable } from '../status/refusals.ts';
import { openApiDocuments, urlOf } from './documents.ts';

const yearMs = 365 * 24 * 60 * 60 * 1000;

/** Clients ask for the protobuf form by another spelling than the answer has. */
const protobufSubtypes: ReadonlySet<string> = new Set([
  'com.github.proto-openapi.spec.v2@v1.0+protobuf',
  'com.github.proto-openapi.spec.v2.v1.0+protobuf',
]);

/**
 * Answers `/openapi/v2`, `/openapi/v3` and `/openapi/v3/<group and version>`; undefined for other paths. Throws 405 and 406.
 */
export function openapiAnswer(
  call: Pick<Call, 'method' | 'path' | 'prefix' | 'query' | 'headers'>,
  served: ServedResources,
): Answer | undefined {
  const parts = /^\/openapi\/(v2|v3)(?:\/(.*?))?\/?$/.exec(call.path);
  if (parts === null) return undefined;
  const [, version, path = ''] = parts;
  const documents = openApiDocuments(served);
  if (version === 'v2') {
    if (path !== '') return undefined;
    checkMethod(call);
    const isProtobuf = wanted(call, (item) =>
      protobufSubtypes.has(item.subtype) ? true : isJson(item) ? false : undefined,
    );
    return documentAnswer(call, isProtobuf ? documents.swaggerProtobuf() : documents.swaggerJson());
  }
  const document = path === '' ? documents.index() : documents.groupVersion(path);
  // Kubernetes says no more than that.
  if (document === undefined) return { status: 404, type: '', body: '' };
  checkMethod(call);
  wanted(call, (item) => isJson(item) || (path === '' && item.type === 'text') || undefined);
  const hash = call.query.get('hash');
  return path === '' || hash === null || hash === ''
    ? documentAnswer(call, document)
    : hashedAnswer(call, path, document, hash);
}

function checkMethod({ method }: Pick<Call, 'method'>): void {
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
}

/** The answer to an address that names the content: never asked for again, or the address of what is there now. */
function hashedAnswer(call: Pick<Call, 'headers' | 'prefix'>, path: string, document: Document, hash: string): Answer {
  if (hash !== document.hash)
    return { status: 301, type: 'text/plain', headers: { location: call.prefix + urlOf(path, document) }, body: '' };
  const expires = new Date(Date.now() + yearMs).toUTCString();
  return documentAnswer(call, document, { 'cache-control': 'public, immutable', expires });
}

function isJson({ type, subtype }: AcceptItem): boolean {
  return type === '*' || (type === 'application' && (subtype === 'json' || subtype === '*'));
}

/** What the first acceptable item that `take` knows leads to. Throws 406. */
function wanted<T>({ headers }: Pick<Call, 'headers'>, take: (item: AcceptItem) => T | undefined): T {
  const accept = headers.accept?.trim();
  for (const item of parseAccept(accept === undefined || accept === '' ? '*/*' : accept)) {
    const found = take(item);
    if (found !== undefined) return found;
  }
  throw notAcceptable();
}

import { METHODS } from 'node:http';
import { oddBody } from './bodies.ts';
import type { Draw } from './random.ts';
import { oddWords } from './values.ts';

/** A request that no well-behaved client sends. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Namespace that hostile requests may write to, and that they never delete. */
export const hostileNamespace = 'hostile';

const collections: readonly string[] = [
  '/api/v1/namespaces/hostile/configmaps',
  '/api/v1/namespaces/hostile/secrets',
  '/api/v1/namespaces/hostile/events',
  '/apis/networking.datumapis.com/v1alpha/namespaces/hostile/networks',
  '/apis/compute.datumapis.com/v1alpha/namespaces/hostile/workloads',
  '/apis/coordination.k8s.io/v1/namespaces/hostile/leases',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/hostile/roles',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/events.k8s.io/v1/namespaces/hostile/events',
  '/apis/networking.datumapis.com/v1alpha/networks',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authentication.k8s.io/v1/tokenreviews',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/api/v1/namespaces/nowhere/secrets',
];
const documents: readonly string[] = [
  '/',
  '/version',
  '/healthz',
  '/readyz',
  '/api',
  '/apis',
  '/api/v1',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/api/v1',
  '/metrics',
];
const subresources: readonly string[] = ['status', 'scale', 'finalize', 'log', '__proto__'];
const usualMethods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
// CONNECT asks for a tunnel and gets no answer of HTTP.
const allMethods = METHODS.filter((method) => method !== 'CONNECT');
const contentTypes: readonly string[] = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/apply-patch+cbor',
  'application/cbor',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  ';;;',
  '',
];
const accepts: readonly string[] = [
  'application/json',
  '*/*',
  'application/json, */*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  'application/yaml',
  'application/json;as=Nothing;v=v9;g=x',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  '*/*;q=0',
  ',,,;;;===',
  `${'application/x,'.repeat(300)}*/*`,
];
const parameters: readonly string[] = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'pretty',
  'timeout',
  'timeoutSeconds',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'includeObject',
  'propagationPolicy',
  'orphanDependents',
  'gracePeriodSeconds',
  '__proto__',
  'hash',
];

/** The next request: right in most of its parts, so that it comes far. Watches may stay open: the sender cuts them. */
export function hostileRequest(draw: Draw): HostileRequest {
  const { chance } = draw;
  const path = oddPath(draw);
  const method = methodFor(draw, path);
  const headers = oddHeaders(draw, method);
  const hasBody = method !== 'GET' && method !== 'HEAD' ? chance(0.95) : chance(0.02);
  const contentType = contentTypeFor(draw, method);
  return {
    method: isForbidden(method, path) ? 'GET' : method,
    path: `${path}${oddQuery(draw)}`,
    headers: hasBody ? { 'content-type': contentType, ...headers } : headers,
    body: hasBody ? oddBody(draw, { resource: resourceOf(method, path), contentType }) : undefined,
  };
}

function resourceOf(method: string, path: string): string {
  if (method === 'DELETE') return 'options';
  const collection = collections.find((one) => path.startsWith(one)) ?? '';
  return path.endsWith('/scale') ? 'scale' : (collection.split('/').at(-1) ?? '');
}

function methodFor({ pick, chance }: Draw, path: string): string {
  if (chance(0.03)) return pick(allMethods);
  if (chance(0.1)) return pick(usualMethods);
  if (documents.includes(path)) return 'GET';
  return pick(
    collections.includes(path) ? ['GET', 'POST', 'POST', 'POST'] : ['GET', 'PUT', 'PATCH', 'PATCH', 'DELETE'],
  );
}

function contentTypeFor({ pick, chance }: Draw, method: string): string {
  if (chance(0.05)) return pick(contentTypes);
  if (method === 'PATCH') return pick(contentTypes.slice(3, 7));
  return chance(0.7) ? 'application/json' : pick(contentTypes.slice(1, 3));
}

function oddHeaders({ pick, chance }: Draw, method: string): Record<string, string> {
  const headers: Record<string, string> = {
    accept: chance(0.15) || method === 'GET' ? pick(accepts) : 'application/json',
  };
  if (chance(0.05)) headers['accept-encoding'] = pick(['gzip', 'br;q=0, gzip;q=0', '*', 'x'.repeat(200)]);
  if (chance(0.05)) headers['if-none-match'] = pick(['*', '"x"', 'W/"', '"'.repeat(50)]);
  if (chance(0.02)) headers['impersonate-user'] = pick(['x', 'system:masters', '%00']);
  if (chance(0.02)) headers['authorization'] = pick(['Bearer x', 'Basic eA==', 'Bearer', '']);
  if (chance(0.02)) headers['content-encoding'] = pick(['gzip', 'deflate', 'x']);
  if (chance(0.02)) headers['x-forwarded-for'] = pick(['127.0.0.1', '::1']);
  return headers;
}

/** What would take the hostile requests' own ground away. */
function isForbidden(method: string, path: string): boolean {
  return method === 'DELETE' && /^\/api\/v1\/namespaces(\/|$)[^/]*\/?$/.test(path);
}

function oddPath(draw: Draw): string {
  const { pick, chance } = draw;
  if (chance(0.05)) return pick(documents);
  let path = pick(collections);
  if (chance(0.6)) path += `/${chance(0.9) ? pick(['n', 'c', 's', 'l', 'r']) : encoded(draw, pick(oddWords))}`;
  if (chance(0.08)) path += `/${chance(0.8) ? pick(subresources) : encoded(draw, pick(oddWords))}`;
  if (chance(0.04)) {
    const parts = path.split('/');
    parts[1 + draw.below(parts.length - 1)] = encoded(draw, pick(oddWords));
    path = parts.join('/');
  }
  return chance(0.02) ? path.replaceAll('/', pick(['//', '/./', '/%2f'])) : path;
}

function oddQuery(draw: Draw): string {
  const { pick, chance, below } = draw;
  const pairs = Array.from(
    { length: chance(0.6) ? 0 : 1 + below(3) },
    () => `${pick(parameters)}=${encoded(draw, pick(oddWords))}`,
  );
  if (chance(0.06))
    pairs.push(`watch=${pick(['true', '1', '', 'x'])}`, `timeoutSeconds=${pick(['0', '1', '-1', 'x', '99999999999'])}`);
  if (chance(0.01)) pairs.push(...Array.from({ length: 500 }, (_, index) => `a${index}=b`));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Percent-encoded as it should be, or only as far as HTTP itself demands. */
function encoded({ chance }: Draw, word: string): string {
  const proper = encodeURIComponent(word.toWellFormed());
  return chance(0.7) ? proper : word.replaceAll(/[^!-~]|[#?]/gu, (character) => encodeURIComponent(character));
}

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

/** The next request. Watches among them ask to end within a second, or not at all: the sender cuts them. */
export function hostileRequest(draw: Draw): HostileRequest {
  const { pick, chance, random } = draw;
  const path = oddPath(draw);
  const method = pick(chance(0.9) ? usualMethods : allMethods);
  const query = oddQuery(draw);
  const headers: Record<string, string> = { accept: pick(accepts) };
  if (chance(0.05)) headers['accept-encoding'] = pick(['gzip', 'br;q=0, gzip;q=0', '*', 'x'.repeat(200)]);
  if (chance(0.05)) headers['if-none-match'] = pick(['*', '"x"', 'W/"', '"'.repeat(50)]);
  if (chance(0.03)) headers['impersonate-user'] = pick(['x', 'system:masters', '%00']);
  if (chance(0.03)) headers['authorization'] = pick(['Bearer x', 'Basic eA==', 'Bearer', '']);
  if (chance(0.02)) headers['content-encoding'] = pick(['gzip', 'deflate', 'x']);
  if (chance(0.02)) headers['x-forwarded-for'] = pick(['127.0.0.1', '::1']);
  const hasBody = method !== 'GET' && method !== 'HEAD' ? chance(0.95) : chance(0.02);
  const type = method === 'PATCH' ? pick(contentTypes.slice(3, 8)) : pick(contentTypes);
  if (hasBody && random() < 0.95)
    headers['content-type'] = chance(0.6) && method !== 'PATCH' ? 'application/json' : type;
  return {
    method: isForbidden(method, path) ? 'GET' : method,
    path: `${path}${query}`,
    headers,
    body: hasBody ? oddBody(draw) : undefined,
  };
}

/** What would take the hostile requests' own ground away. */
function isForbidden(method: string, path: string): boolean {
  return method === 'DELETE' && /^\/api\/v1\/namespaces(\/|$)[^/]*\/?$/.test(path);
}

function oddPath(draw: Draw): string {
  const { pick, chance } = draw;
  if (chance(0.08)) return pick(documents);
  let path = pick(collections);
  if (chance(0.6)) path += `/${chance(0.6) ? pick(['n', 'c', 's', 'l', 'r']) : encoded(draw, pick(oddWords))}`;
  if (chance(0.15)) path += `/${chance(0.8) ? pick(subresources) : encoded(draw, pick(oddWords))}`;
  if (chance(0.08)) {
    const parts = path.split('/');
    parts[1 + draw.below(parts.length - 1)] = encoded(draw, pick(oddWords));
    path = parts.join('/');
  }
  return chance(0.02) ? path.replaceAll('/', pick(['//', '/./', '/%2f'])) : path;
}

function oddQuery(draw: Draw): string {
  const { pick, chance, below } = draw;
  const pairs = Array.from(
    { length: chance(0.5) ? 0 : 1 + below(4) },
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

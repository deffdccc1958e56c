import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { Answer } from '../http/call.ts';
import { openapiAnswer } from '../openapi/openapi-answer.ts';
import { servedResources } from '../served/served-resources.ts';
import { ApiError } from '../status/status.ts';
import { discoveryAnswer } from './discovery-answer.ts';
import { compareVersions } from './groups.ts';
import { healthAnswer } from './health.ts';

type Node = Record<string, unknown>;

const served = servedResources(builtInRegistry().all());
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Answer | undefined {
  const call = { method, prefix: '', path, query: new URLSearchParams(), headers };
  return healthAnswer(call, []) ?? discoveryAnswer(call, served) ?? openapiAnswer(call, served);
}

function read(path: string, headers?: Record<string, string>): Node {
  return JSON.parse(String(ask(path, headers)?.body)) as Node;
}

describe('both forms', () => {
  const groups = [...(read('/api', { accept: aggregated })['items'] as Node[])];
  groups.push(...(read('/apis', { accept: aggregated })['items'] as Node[]));

  it('name the same groups in the same order, core and then Kubernetes first', () => {
    const names = groups.map(({ metadata }) => (metadata as Node)['name'] ?? '');
    const old = (read('/apis')['groups'] as Node[]).map(({ name }) => name);
    expect(names).toEqual(['', ...old]);
    expect(names.slice(0, 2)).toEqual(['', 'events.k8s.io']);
    expect(names.slice(-3)).toEqual([
      'compute.datumapis.com',
      'networking.datumapis.com',
      'resourcemanager.datumapis.com',
    ]);
  });

  it('say the same of every resource', () => {
    const seen = groups.flatMap(({ metadata, versions }) =>
      (versions as Node[]).flatMap(({ version, resources }) =>
        (resources as Node[]).map((one) => ({ group: (metadata as Node)['name'] ?? '', version, ...one }) as Node),
      ),
    );
    expect(seen).toHaveLength(served.all.length);
    for (const one of seen) {
      const root = one['group'] === '' ? '/api' : `/apis/${String(one['group'])}`;
      const resources = read(`${root}/${String(one['version'])}`)['resources'] as Node[];
      const kind = one['responseKind'] as Node;
      const { resource, singularResource, verbs, scope, shortNames } = one;
      const found = resources.find(({ name }) => name === resource);
      expect(found).toMatchObject({ singularName: singularResource, verbs, kind: kind['kind'] });
      expect(found).toMatchObject({ namespaced: scope === 'Namespaced' });
      expect(found?.['shortNames']).toEqual(shortNames);
      for (const part of (one['subresources'] ?? []) as Node[]) {
        const entry = resources.find(({ name }) => name === `${String(resource)}/${String(part['subresource'])}`);
        const { group, version, kind: name } = part['responseKind'] as Node;
        expect(entry).toMatchObject({ singularName: '', verbs: part['verbs'], kind: name });
        expect([entry?.['group'] ?? one['group'], entry?.['version'] ?? one['version']]).toEqual([group, version]);
      }
    }
  });
});

describe('answers', () => {
  it('are not sent again to whoever has them', () => {
    const etag = String(ask('/apis', { accept: aggregated })?.headers?.['etag']);
    expect(ask('/apis', { accept: aggregated, 'if-none-match': etag })?.status).toBe(304);
    expect(ask('/apis', { 'if-none-match': etag })?.status).toBe(200);
  });

  it('can be had as YAML', () => {
    const answer = ask('/apis/compute.datumapis.com', { accept: 'application/yaml' });
    expect(answer?.type).toBe('application/yaml');
    expect(String(answer?.body)).toContain('kind: APIGroup\n');
  });

  it.each([
    ['/apis', { accept: 'application/vnd.kubernetes.protobuf' }, 'GET', 406],
    ['/api/v1', { accept: aggregated }, 'GET', 406],
    ['/version', {}, 'POST', 405],
  ])('%s %j %s is refused with %i', (path, headers, method, code) => {
    const call = (): unknown => ask(path, headers as Record<string, string>, method);
    expect(call).toThrow(ApiError);
    expect(call).toThrow(expect.objectContaining({ status: expect.objectContaining({ code }) as object }) as Error);
  });

  it.each(['/', '/api/v2', '/api/v1/pods', '/apis/v1', '/apis/__proto__', '/apis/a/b/c', '/versions', '/readyz/none'])(
    '%s is nothing',
    (path) => expect(ask(path)).toBeUndefined(),
  );
});

describe('health', () => {
  const query = new URLSearchParams('verbose');
  const checks = [{ name: 'store', check: (): string | undefined => 'down' }];

  it('fails by what is not well, without telling why', () => {
    const answer = healthAnswer({ path: '/readyz', query }, checks);
    expect(answer?.status).toBe(500);
    expect(answer?.body).toBe('[+]ping ok\n[-]store failed: reason withheld\nreadyz check failed\n');
    expect(healthAnswer({ path: '/readyz/store', query }, checks)?.status).toBe(500);
  });

  it('lives even so', () => {
    expect(healthAnswer({ path: '/livez', query }, checks)?.body).toBe('[+]ping ok\nlivez check passed\n');
    const excluding = new URLSearchParams('exclude=store');
    expect(healthAnswer({ path: '/readyz', query: excluding }, checks)?.status).toBe(200);
  });
});

it('orders versions from the most stable to the least', () => {
  const ordered = ['v10', 'v2', 'v1', 'v11beta2', 'v3beta1', 'v12alpha1', 'v1alpha', 'other'];
  expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
});

// What a real Kubernetes API server answered. It lies beside the repository, not in it.
const golden = new URL('../../../shared/golden/kubernetes/cases/discovery.json', import.meta.url);
const present = existsSync(golden);
if (!present)
  console.warn('Golden answers of discovery skipped: ../shared/golden/kubernetes is not beside the repository');

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly compare?: readonly string[];
  readonly headersOf?: readonly string[];
  readonly answer: { readonly status: number; readonly type?: string; readonly body: unknown; readonly headers?: Node };
}

const isDocument = /^\/(version|healthz|livez|readyz(\/.*)?|api|apis|apis\/[^/]+(\/[^/]+)?|api\/v1|openapi\/.*)$/;
const cases = present
  ? (JSON.parse(readFileSync(golden, 'utf8')) as { cases: Case[] }).cases.filter(({ path }) => isDocument.test(path))
  : [];

describe.runIf(present)('golden answers', () => {
  it('are there', () => expect(cases.length).toBeGreaterThan(15));

  it.each(cases)('$id', ({ path, headers = {}, method, compare, headersOf = [], answer: wanted }) => {
    const answer = ask(path, headers, method);
    if (wanted.status === 404) return expect(answer?.status ?? 404).toBe(404);
    expect(answer?.status).toBe(wanted.status);
    expect(answer?.type ?? 'application/json').toBe(wanted.type);
    for (const name of headersOf) expect(answer?.headers?.[name]).toBe(wanted.headers?.[name]);
    if (answer?.type?.includes('protobuf')) return undefined;
    const text = String(answer?.body);
    const body = text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
    const look = (at: string): unknown =>
      at.split('.').reduce<unknown>((value, key) => (value as Node | undefined)?.[key], body);
    const compared =
      compare === undefined
        ? body
        : Object.fromEntries(compare.map((at) => [at, look(at)]).filter(([, value]) => value !== undefined));
    expect(compared).toEqual(wanted.body);
  });
});

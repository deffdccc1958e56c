import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { Answer } from '../http/call.ts';
import { servedResources } from '../served/served-resources.ts';
import { ApiError } from '../status/status.ts';
import { openapiAnswer } from './openapi-answer.ts';

const served = servedResources(builtInRegistry().all());

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Answer | undefined {
  const { pathname, searchParams } = new URL(url, 'https://server');
  return openapiAnswer({ method, prefix: '', path: pathname, query: searchParams, headers }, served);
}

function refusal(call: () => unknown): number | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof ApiError) return error.status.code;
    throw error;
  }
  return undefined;
}

function header(answer: Answer | undefined, name: string): string {
  return String(answer?.headers?.[name] ?? '');
}

const compute = '/openapi/v3/apis/compute.datumapis.com/v1alpha';

describe('addresses with a hash', () => {
  const index = JSON.parse(String(ask('/openapi/v3')?.body)) as {
    paths: Record<string, { serverRelativeURL: string }>;
  };
  const url = index.paths['apis/compute.datumapis.com/v1alpha']?.serverRelativeURL ?? '';

  it('are kept for ever', () => {
    const answer = ask(url);
    expect(answer?.status).toBe(200);
    expect(header(answer, 'cache-control')).toBe('public, immutable');
    const daysLeft = (Date.parse(header(answer, 'expires')) - Date.now()) / 86_400_000;
    expect(daysLeft).toBeGreaterThan(364);
  });

  it('of what is no longer there lead to what is', () => {
    const answer = ask(`${compute}?hash=ABC`);
    expect(answer?.status).toBe(301);
    expect(header(answer, 'location')).toBe(url);
  });
});

describe('documents', () => {
  it('are not sent again to whoever has them', () => {
    const etag = header(ask(compute), 'etag');
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
    expect(ask(compute, { 'if-none-match': etag })?.status).toBe(304);
    expect(ask(compute, { 'if-none-match': `"other", W/${etag}` })?.status).toBe(304);
    expect(ask(compute, { 'if-none-match': '"other"' })?.status).toBe(200);
  });

  it('go out compressed where the client wants that', () => {
    const plain = ask(compute, { 'accept-encoding': 'identity, gzip;q=0' });
    const compressed = ask(compute, { 'accept-encoding': 'gzip' });
    expect(header(plain, 'content-encoding')).toBe('');
    expect(header(compressed, 'content-encoding')).toBe('gzip');
    expect(gunzipSync(compressed?.body as Buffer).equals(plain?.body as Buffer)).toBe(true);
    expect(header(compressed, 'etag')).not.toBe(header(plain, 'etag'));
    expect(ask(compute, { 'if-none-match': header(compressed, 'etag') })?.status).toBe(304);
  });

  it('stay the same when another group changes', () => {
    const registry = builtInRegistry();
    const before = openapiAnswer(callOf(compute), servedResources(registry.all()))?.body;
    const [network] = registry.all().filter(({ id }) => id === 'Network');
    if (network === undefined) throw new Error('No network');
    registry.add({ ...network, description: 'Changed' });
    const after = servedResources(registry.all());
    expect(openapiAnswer(callOf(compute), after)?.body).toBe(before);
    const changed = openapiAnswer(callOf('/openapi/v3/apis/networking.datumapis.com/v1alpha'), after);
    expect(String(changed?.body)).toContain('"description":"Changed"');
  });
});

function callOf(path: string): Parameters<typeof openapiAnswer>[0] {
  return { method: 'GET', prefix: '', path, query: new URLSearchParams(), headers: {} };
}

describe('what is asked for', () => {
  const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    [protobuf, 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'],
    [`application/json;q=0.5,${protobuf}`, 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'],
  ])('%s is answered by %s', (accept, type) => {
    expect(ask('/openapi/v2', accept === undefined ? {} : { accept })?.type).toBe(type);
  });

  it('is refused where there is no such form or method', () => {
    expect(refusal(() => ask('/openapi/v2', { accept: 'image/png' }))).toBe(406);
    expect(refusal(() => ask(compute, { accept: protobuf }))).toBe(406);
    expect(refusal(() => ask('/openapi/v2', {}, 'POST'))).toBe(405);
  });

  it.each(['/openapi', '/openapi/v1', '/openapi/v2/x', '/nothing'])('%s is nothing', (path) =>
    expect(ask(path)).toBeUndefined(),
  );

  it.each(['/openapi/v3/apis/nothing/v1', '/openapi/v3/__proto__'])('%s is not there', (path) => {
    expect(ask(path)).toEqual({ status: 404, type: '', body: '' });
  });
});

import { describe, expect, it } from 'vitest';
import { builtInRegistry } from '../../kinds/registry.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import type { Store } from '../../store/types.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { servedResources } from '../served/served-resources.ts';
import { ApiError } from '../status/status.ts';
import { readDefinitions } from './read-definitions.ts';

interface Shown {
  readonly metadata: { readonly name: string; readonly resourceVersion: string; readonly annotations?: object };
  readonly items?: readonly Shown[];
  readonly rows?: readonly { readonly cells: readonly unknown[] }[];
}

interface Line {
  readonly type: string;
  readonly object: Shown;
}

const served = servedResources(builtInRegistry().all());
const resource = served.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
if (resource === undefined) throw new Error('Definitions are not served');
const identity = { user: 'admin', groups: ['system:masters'], project: 'default' };
const network = 'networks.networking.datumapis.com';

function ask(
  query: string,
  more: { readonly name?: string; readonly accept?: string; readonly signal?: AbortSignal } = {},
) {
  const { name, accept, signal = new AbortController().signal } = more;
  const headers = accept === undefined ? {} : { accept };
  // Nothing but the revision is asked of the store.
  const store = { revision: () => Promise.resolve(77n) } as unknown as Store;
  const target = { served: resource, namespace: '', store, ...(name === undefined ? {} : { name }) } as Target;
  const parameters = new URLSearchParams(query);
  const call = { method: 'GET', query: parameters, headers, signal: () => signal, identity } as unknown as Call;
  return readDefinitions(call, target, { served, authority: createPolicies() });
}

async function list(query: string): Promise<Shown> {
  return JSON.parse(String((await ask(query)).body)) as Shown;
}

async function refusal(query: string, name?: string): Promise<number | undefined> {
  const error: unknown = await ask(query, name === undefined ? {} : { name }).catch((thrown: unknown) => thrown);
  return error instanceof ApiError ? error.status.code : undefined;
}

/** What a watch writes until `isEnough`. */
async function watch(query: string, isEnough: (lines: readonly Line[]) => boolean): Promise<Line[]> {
  const client = new AbortController();
  const answer: Answer = await ask(`watch=true&${query}`, { signal: client.signal });
  if (typeof answer.body !== 'function') throw new Error('No stream');
  const lines: Line[] = [];
  const ended = answer.body({
    write(chunk) {
      lines.push(JSON.parse(String(chunk)) as Line);
      if (isEnough(lines)) client.abort();
      return true;
    },
    drained: () => Promise.resolve(),
    gone: () => false,
    waiting: () => 0,
  });
  await ended;
  return lines;
}

describe('get', () => {
  it('answers a definition', async () => {
    const { body, type } = await ask('', { name: network });
    expect(type).toBe('application/json');
    expect((JSON.parse(String(body)) as Shown).metadata.name).toBe(network);
  });

  it('refuses others', async () => expect(await refusal('', 'pods')).toBe(404));
});

describe('list', () => {
  it('shows all at the state of the store', async () => {
    const { items = [], metadata } = await list('');
    expect(items).toHaveLength(12);
    expect(metadata).toEqual({ resourceVersion: '77' });
  });

  it.each([
    [`fieldSelector=metadata.name=${network}`, 1],
    [`fieldSelector=metadata.name!=${network}`, 11],
    ['labelSelector=a', 0],
    ['labelSelector=!a&limit=2', 12],
  ])('by %s', async (query, count) => expect((await list(query)).items).toHaveLength(count));

  it.each([
    ['fieldSelector=spec.group=a', 400],
    ['fieldSelector=a', 400],
    ['labelSelector=a b', 400],
    ['resourceVersion=78', 504],
    ['resourceVersionMatch=Exact', 422],
  ])('by %s is refused with %i', async (query, code) => expect(await refusal(query)).toBe(code));

  it('is a table for people', async () => {
    const { body } = await ask('', { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect((JSON.parse(String(body)) as Shown).rows?.[0]?.cells).toEqual([
      'instances.compute.datumapis.com',
      '2025-01-01T00:00:00Z',
    ]);
  });
});

describe('watch', () => {
  it('begins with the state, and marks where it ends', async () => {
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const lines = await watch(query, (seen) => seen.at(-1)?.type === 'BOOKMARK');
    expect(lines.map(({ type }) => type)).toEqual([...Array.from({ length: 12 }, () => 'ADDED'), 'BOOKMARK']);
    expect(lines.at(-1)?.object.metadata).toMatchObject({
      resourceVersion: '77',
      annotations: { 'k8s.io/initial-events-end': 'true' },
    });
  });

  it('says nothing but bookmarks after a revision, and ends in time', async () => {
    const [only, ...more] = await watch('resourceVersion=77&allowWatchBookmarks=true&timeoutSeconds=1', () => false);
    expect(only?.type).toBe('BOOKMARK');
    expect(only?.object.metadata).toMatchObject({ resourceVersion: '77' });
    expect(more).toEqual([]);
  });
});

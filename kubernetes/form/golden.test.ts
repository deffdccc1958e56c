import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { Served } from '../served/served.ts';
import { servedResources } from '../served/served-resources.ts';
import { ApiError } from '../status/status.ts';
import { contentType } from './form.ts';
import { formOf } from './negotiate.ts';
import { renderList, renderObject } from './render.ts';
import { renderBookmark, renderWatchEvent } from './watch-event.ts';

// What a real Kubernetes API server answered. It lies beside the repository, not in it.
const golden = new URL('../../../shared/golden/kubernetes/cases/', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden tables skipped: ../shared/golden/kubernetes is not beside the repository');

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly compare?: readonly string[];
  readonly answer: {
    readonly status: number;
    readonly type: string;
    readonly body: Readonly<Record<string, unknown>>;
    readonly events?: readonly { readonly type: string; readonly object: Resource }[];
    readonly during?: readonly { readonly id: string; readonly body: Resource }[];
  };
}

const resources = servedResources(builtInRegistry().all());
const madeAt = new Date(Date.now() - 5000).toISOString().slice(0, 19) + 'Z';

function casesOf(topic: string): Case[] {
  return present ? (JSON.parse(readFileSync(new URL(`${topic}.json`, golden), 'utf8')) as { cases: Case[] }).cases : [];
}

const namespace: Resource = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: '{{ns}}',
    creationTimestamp: '<time>',
    resourceVersion: '<rv>',
    uid: '<uid>',
    labels: { 'kubernetes.io/metadata.name': '{{ns}}' },
  },
  status: { phase: 'Active' },
};

/** What was in the namespace when a case was recorded, as the creates and updates before were answered. */
function storedBefore(id: string): Resource[] {
  const all = casesOf('table');
  const answers = all
    .slice(
      0,
      all.findIndex((each) => each.id === id),
    )
    .filter(({ method, answer }) => method !== undefined && [200, 201].includes(answer.status))
    .map(({ answer }) => answer.body as unknown as Resource)
    .filter(({ kind, metadata }) => metadata?.name !== undefined && kind !== 'PartialObjectMetadata');
  const latest = new Map([namespace, ...answers].map((object) => [`${object.kind}/${object.metadata.name}`, object]));
  return [...latest.values()].map(timed);
}

const asked = casesOf('table').filter(
  ({ id, headers, method }) => method === undefined && headers?.['accept'] && id !== 'missing',
);

describe.skipIf(!present)('golden tables and metadata', () => {
  test('there are enough', () => {
    expect(asked.length).toBeGreaterThan(20);
  });

  test.each(asked.map((each) => [each.id, each] as const))('%s', (id, each) => {
    const { served, name, query } = targetOf(each.path);
    const call = { headers: { accept: each.headers?.['accept'] ?? '' }, query };
    if (each.answer.status !== 200) {
      const { code, reason } = each.answer.body;
      return expect(refusal(() => formOf(call, served))).toMatchObject({ code, reason });
    }
    const form = formOf(call, served);
    expect(contentType(form)).toBe(each.answer.type);
    const objects = storedBefore(id).filter(({ kind }) => kind === served.kind);
    const only = objects.find(({ metadata }) => metadata.name === name);
    if (name !== undefined && only === undefined) return expect(each.path).toContain('networks');
    const text = only
      ? renderObject(form, served, only)
      : renderList(form, served, objects, { resourceVersion: '<rv>' });
    // The networks of these cases were made without their answers being recorded; protobuf is read elsewhere.
    if (served.kind === 'Network' || form.media === 'protobuf') return expect(text.length).toBeGreaterThan(0);
    const body: unknown = JSON.parse(text.toString());
    const got = each.compare
      ? Object.fromEntries(
          each.compare.map((path) => [path, valueAt(body, path)]).filter(([, value]) => value !== undefined),
        )
      : body;
    expect(untimed(got)).toEqual(untimed(each.answer.body));
  });
});

describe.skipIf(!present)('golden watches', () => {
  const watches = casesOf('watch');
  const caseOf = (id: string): Case => watches.find((each) => each.id === id) as Case;

  test('as tables, columns only in the first event', () => {
    const { answer, headers, path } = caseOf('table');
    const { served, query } = targetOf(path);
    const form = formOf({ headers: { accept: headers?.['accept'] ?? '' }, query }, served, { stream: true });
    const object = timed(answer.during?.[0]?.body as Resource);
    const lines = [
      renderWatchEvent(form, served, 'ADDED', object, true),
      renderWatchEvent(form, served, 'DELETED', object, false),
    ];
    expect(lines.map((line) => untimed(JSON.parse(line)))).toEqual(untimed(answer.events));
  });

  test('as metadata, and the bookmark that ends the initial state', () => {
    const { answer, headers, path } = caseOf('streaming-list-metadata');
    const { served, query } = targetOf(path);
    const form = formOf({ headers: { accept: headers?.['accept'] ?? '' }, query }, served, { stream: true });
    const object = { ...timed(answer.events?.[0]?.object as Resource), kind: 'Network', spec: { mtu: 1460 } };
    const lines = [
      renderWatchEvent(form, served, 'ADDED', object, true),
      renderBookmark(form, served, '<rv>', { initialEnd: true, first: false }),
    ];
    expect(lines.map((line) => untimed(JSON.parse(line)))).toEqual(untimed(answer.events));
  });

  test.each(['streaming-list', 'streaming-list-empty', 'streaming-list-custom'])('bookmark of %s', (id) => {
    const { answer, path } = caseOf(id);
    const { served, query } = targetOf(path);
    const form = formOf({ headers: {}, query }, served, { stream: true });
    const recorded = answer.events?.find(({ type }) => type === 'BOOKMARK');
    expect(JSON.parse(renderBookmark(form, served, '<rv>', { initialEnd: true, first: false }))).toEqual(recorded);
  });
});

function targetOf(path: string): { served: Served; name: string | undefined; query: URLSearchParams } {
  const [route = '', query = ''] = path.replaceAll('{{ns}}', 'ns').split('?');
  const parts = route.split('/').slice(1);
  const [group = '', version = '', ...rest] = parts[0] === 'api' ? ['', ...parts.slice(1)] : parts.slice(1);
  const [plural = '', name] = rest.length > 2 ? rest.slice(2) : rest;
  const served = resources.find(group, version, plural);
  if (served === undefined) throw new Error(`${path} is not served`);
  return { served, name: name === 'ns' ? '{{ns}}' : name, query: new URLSearchParams(query) };
}

function timed(object: Resource): Resource {
  return JSON.parse(JSON.stringify(object).replaceAll('<time>', madeAt)) as Resource;
}

/** With times and ages as recordings name them, and without managed fields, which forms pass on as they are. */
function untimed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => {
    if (key === 'managedFields') return undefined;
    if (key === 'cells' && Array.isArray(part)) return part.map((cell) => (isAge(cell) ? '<age>' : cell));
    return part === madeAt ? '<time>' : part;
  });
}

function isAge(cell: unknown): boolean {
  return typeof cell === 'string' && /^((\d+[smhdy])+|<time>)$/.test(cell);
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
}

function refusal(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

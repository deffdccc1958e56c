import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { isObject } from '../kinds/schema/json.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import { isStoreError, type StoreErrorCode } from './errors.ts';
import { holderOf } from './fields/conflicts.ts';
import type { NewObject, Store } from './types.ts';

// What a real Kubernetes API server answered; here the requests go to the store itself, without a server. It lies beside
// the repository, not in it.
const golden = new URL('../../shared/golden/kubernetes/', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden answers skipped: ../shared/golden/kubernetes is not beside the repository');

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly texts?: 'free';
  readonly compare?: readonly string[];
  readonly ours?: { readonly status: number };
  readonly answer: { readonly status: number; readonly body: Status };
}

type Status = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Refused before the store is asked: bodies that are none, and parameters. */
const ofTheAdapter = [
  'no-manager',
  'empty-manager',
  'managed-fields-in-body',
  'other-name',
  'other-version',
  'other-kind',
  'no-kind',
  'broken',
  'list-body',
];

const statusOf: Partial<Record<StoreErrorCode, number>> = {
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  ApplyConflict: 409,
  BadRequest: 400,
  Invalid: 422,
};

const namespace = 'golden-applies';
const registry = builtInRegistry();

describe.skipIf(!present)('golden applies', () => {
  test('all agree', async () => {
    const { normalise, differences } = (await import(new URL('replay.mjs', golden).href)) as {
      normalise: (value: unknown, ns: string) => unknown;
      differences: (recorded: unknown, got: unknown) => string[];
    };
    const { cases } = JSON.parse(readFileSync(new URL('cases/apply.json', golden), 'utf8')) as { cases: Case[] };
    const { store } = await testStore();
    await store.create(asAdmin, 'Namespace', { metadata: { name: namespace } });
    const answers = new Map<string, unknown>();
    const differing: Record<string, string[]> = {};
    for (const each of cases.filter(({ id }) => !ofTheAdapter.includes(id))) {
      const answer = await perform(store, filled(each, answers));
      answers.set(each.id, answer.body);
      const wanted = each.ours ?? each.answer;
      const found = answer.status === wanted.status ? [] : [`status: ${wanted.status} -> ${answer.status}`];
      if (each.compare === undefined && each.ours === undefined)
        found.push(
          ...differences(comparable(each, each.answer.body), comparable(each, normalise(answer.body, namespace))),
        );
      if (found.length > 0) differing[each.id] = found;
    }
    expect(differing).toEqual({});
    expect(answers.size).toBeGreaterThan(90);
  });
});

/** What of an answer is the store's: whole objects, and causes and messages of conflicts. */
function comparable(each: Case, body: unknown): unknown {
  if (each.answer.status < 300) return body;
  const { message, details } = (body ?? {}) as {
    message?: string;
    details?: { causes?: { field: string; message: string }[] };
  };
  const causes = details?.causes?.map(({ field, message: text }) => ({
    field,
    ...(each.texts === 'free' ? {} : { text }),
  }));
  return { ...(each.texts === 'free' || causes?.length !== 1 ? {} : { message }), ...(causes && { causes }) };
}

/** The case with what this run answered before. */
function filled(each: Case, answers: ReadonlyMap<string, unknown>): Case {
  const lookUp = (id: string, path: string): string =>
    String(path.split('.').reduce((at: unknown, key) => (at as Record<string, unknown>)[key], answers.get(id)));
  const text = JSON.stringify({ ...each, answer: undefined })
    .replaceAll('{{ns}}', namespace)
    .replaceAll(/\{\{([\w-]+):([\w.-]+)\}\}/g, (_, id: string, path: string) => lookUp(id, path));
  return { ...(JSON.parse(text) as Case), answer: each.answer };
}

async function perform(store: Store, each: Case): Promise<Answer> {
  const { kind, name, subresource, query } = placeOf(each.path);
  const context = { ...asAdmin, manager: query.get('fieldManager') ?? 'golden' };
  const key = { namespace, name };
  const options = { dryRun: query.has('dryRun'), ...(subresource === undefined ? {} : { subresource }) };
  const body = each.body as Resource;
  try {
    switch (`${each.method ?? 'GET'} ${each.headers?.['content-type'] ?? ''}`) {
      case 'GET ': {
        const object = await store.get(context, kind.id, key);
        return object === undefined ? { status: 404, body: {} } : { status: 200, body: object };
      }
      case 'POST ': {
        const object = { ...body, metadata: { ...body.metadata, namespace } } as unknown as NewObject;
        return { status: 201, body: (await store.create(context, kind.id, object, options)).object };
      }
      case 'PUT ':
        return { status: 200, body: (await store.update(context, kind.id, key, () => body, options)).object };
      case 'PATCH application/apply-patch+yaml': {
        const force = query.get('force') === 'true';
        const { object, created } = await store.apply(context, kind.id, key, body as never, { ...options, force });
        const { resourceVersion, ...metadata } = object.metadata;
        // What a dry run made has no version, which the wire says by silence.
        const shown = resourceVersion === '' ? { ...object, metadata } : object;
        return { status: created ? 201 : 200, body: shown };
      }
      case 'PATCH application/merge-patch+json': {
        const change = (current: Resource): Resource => mergePatch(current, body) as Resource;
        return { status: 200, body: (await store.update(context, kind.id, key, change, options)).object };
      }
      case 'PATCH application/json-patch+json': {
        const change = (current: Resource): Resource => replaceAt(current, body as never) as Resource;
        return { status: 200, body: (await store.update(context, kind.id, key, change, options)).object };
      }
      default:
        throw new Error(`no translation of ${each.id}`);
    }
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const causes =
      error.code === 'ApplyConflict'
        ? error.conflicts.map((conflict) => ({ field: conflict.path, message: `conflict with ${holderOf(conflict)}` }))
        : error.problems.map(({ path, message }) => ({ field: path, message }));
    const details = causes.length === 0 ? {} : { details: { causes: causes.toSorted(byField) } };
    return { status: statusOf[error.code] ?? 500, body: { kind: 'Status', message: error.message, ...details } };
  }
}

function byField(a: { field: string; message: string }, b: { field: string; message: string }): number {
  return `${a.field} ${a.message}` < `${b.field} ${b.message}` ? -1 : 1;
}

function placeOf(url: string): { kind: Kind; name: string; subresource?: 'status'; query: URLSearchParams } {
  const [path = '', query = ''] = url.split('?');
  const [, root, ...steps] = path.split('/');
  const [group, , , , plural = '', name = '', part] = root === 'api' ? ['', ...steps] : steps;
  const kind = registry.byGroupResource(group ?? '', plural);
  if (kind === undefined) throw new Error(`no kind at ${url}`);
  return { kind, name, query: new URLSearchParams(query), ...(part === 'status' ? { subresource: 'status' } : {}) };
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** The one operation of JSON Patch that these cases use, on members of objects. */
function replaceAt(target: unknown, operations: readonly { op: 'replace'; path: string; value: unknown }[]): unknown {
  return operations.reduce((object, { path, value }) => {
    const patch = path
      .split('/')
      .slice(1)
      .toReversed()
      .reduce((inner: unknown, step) => ({ [step]: inner }), value);
    return mergePatch(object, patch);
  }, target);
}

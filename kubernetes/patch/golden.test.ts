import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../kinds/object.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { check } from '../../kinds/schema/compile.ts';
import { decodeBody, shapeOf } from '../body/decode-body.ts';
import { checkNew, checkReplacement } from '../body/identity.ts';
import { readDeleteOptions, readWriteOptions } from '../body/options.ts';
import { strictRefusal } from '../body/strict.ts';
import { readPath } from '../http/path.ts';
import { servedResources } from '../served/served-resources.ts';
import { refusalOf } from '../status/refusal-of.ts';
import type { Status } from '../status/status.ts';
import { readApplyBody } from './apply-body.ts';
import { readPatch } from './apply-patch.ts';

// What a real Kubernetes API server answered, as far as bodies and patches alone decide it. It lies beside the repository.
const golden = new URL('../../../shared/golden/kubernetes/cases/', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden answers skipped: ../shared/golden/kubernetes is not beside the repository');

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly base64?: string;
  readonly texts?: 'free';
  readonly ours?: { readonly status?: number };
  readonly answer: { readonly status: number; readonly body: unknown };
}

const resources = servedResources(builtInRegistry().all());

/** Refusals that need no more than the request; what the store finds out is tested there. */
const byRequest =
  /cannot be handled as|is unrecognized|of the (provided )?object .*does not match|in the data|Options\.meta\.k8s\.io|unknown format|must be Network/;

describe.skipIf(!present)('refusals of a request alone', () => {
  const cases = ['fields', 'crud', 'patch', 'apply', 'builtin', 'protobuf'].flatMap((topic) =>
    casesOf(topic)
      .filter(isDecided)
      .map((each): [string, Case] => [`${topic}/${each.id}`, each]),
  );

  test('are there in number', () => expect(cases.length).toBeGreaterThan(50));

  test.each(cases)('%s', (_, each) => {
    const status = refusalOf(() => send(each));
    const { code, reason, message, details } = each.answer.body as Status;
    expect(status).toMatchObject({ code: each.ours?.status ?? code, reason: reason ?? 'BadRequest' });
    if (each.texts === 'free' || each.ours !== undefined) return;
    expect(status.message).toBe(message);
    expect(status.details).toEqual(details);
  });
});

describe.skipIf(!present)('patches that apply', () => {
  const cases = present
    ? casesOf('patch').filter(({ method, answer }) => method === 'PATCH' && answer.status === 200)
    : [];

  test.each(cases.map((each): [string, Case] => [each.id, each]))('%s', (id, each) => {
    const before = stateBefore(id, each.path);
    const after = each.answer.body as Resource;
    const served = target(each).served;
    const { next } = readPatch({ contentType: header(each), bytes: bytesOf(each), served }).applyTo(before);
    // The rest of metadata is the store's, and so is what defaults make of a spec.
    for (const part of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const)
      expect(withoutUids(next.metadata[part])).toEqual(withoutUids(after.metadata[part]));
    const { data } = next as { data?: object };
    if (served.stored?.id === 'ConfigMap') expect(data).toEqual((after as { data?: object }).data);
  });
});

function casesOf(topic: string): readonly Case[] {
  if (!present) return [];
  return (JSON.parse(readFileSync(new URL(`${topic}.json`, golden), 'utf8')) as { cases: Case[] }).cases;
}

function isDecided({ id, method, path, answer, texts, ours }: Case): boolean {
  // These depend on the object that is there, on its rules, or on who asks.
  if (method === undefined || path.includes('review') || id.startsWith('impersonat')) return false;
  const { message = '', details } = (answer.body ?? {}) as {
    message?: string;
    details?: { causes?: { field: string }[] };
  };
  if (answer.status === 415 || byRequest.test(message)) return true;
  if (message.startsWith('resourceVersion should not be set')) return true;
  if (answer.status === 422)
    return details?.causes?.some(({ field }) => field === 'patch' || field === 'fieldManager') === true;
  return answer.status === 400 && texts === 'free' && ours === undefined && id !== 'patch-collection';
}

/** Does what the verbs do, up to the store. */
function send(each: Case): void {
  const { method } = each;
  const { served, namespace, name, query } = target(each);
  const contentType = header(each);
  const bytes = bytesOf(each);
  const strict = query.get('fieldValidation') === 'Strict';
  const refuse = (verb: 'create' | 'patch', findings: readonly string[], object: Resource): void => {
    const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object;
    const unknown = served.stored === undefined ? [] : check(served.stored.schema, content).unknown;
    if (strict && findings.length + unknown.length > 0) throw strictRefusal({ served, verb }, unknown, findings);
  };
  switch (method) {
    case 'DELETE':
      readDeleteOptions({ query, bytes, contentType });
      return;
    case 'PATCH': {
      const isApply = contentType === 'application/apply-patch+yaml';
      const { fieldValidation } = readWriteOptions(query, 'golden/1.0', isApply ? 'ApplyOptions' : 'PatchOptions');
      if (isApply) {
        readApplyBody(bytes, { served, namespace, name }, fieldValidation);
        return;
      }
      const { next, findings } = readPatch({ contentType, bytes, served }).applyTo(stored(served, namespace, name));
      refuse('patch', findings, next);
      return;
    }
    default: {
      readWriteOptions(query, 'golden/1.0', method === 'PUT' ? 'UpdateOptions' : 'CreateOptions');
      const { value, findings } = decodeBody({ bytes, contentType, shape: shapeOf({ served }) });
      const object =
        method === 'PUT' ? checkReplacement(value, { served, namespace, name }) : checkNew(value, served, namespace);
      refuse('create', findings, object);
    }
  }
}

function target({ path }: Case) {
  const [plain = '', query] = path.replaceAll('{{ns}}', 'golden').split('?');
  const route = readPath(plain);
  if (route.to !== 'resource') throw new Error(`${path} is no resource`);
  const served = resources.find(route.group, route.version, route.plural);
  if (served === undefined) throw new Error(`${path} is not served`);
  return { served, namespace: route.namespace, name: route.name ?? '', query: new URLSearchParams(query) };
}

function header({ headers }: Case): string | undefined {
  const type = headers?.['content-type'];
  // The recorder marked bodies as JSON unless a case says otherwise; null says that there is no header.
  return type === null ? undefined : (type ?? 'application/json');
}

function bytesOf({ body, text, base64 }: Case): Buffer {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  const sent = text ?? (body === undefined ? '' : JSON.stringify(body));
  return Buffer.from(
    sent.replaceAll(/\{\{[\w-]+:metadata\.resourceVersion\}\}/g, '5').replaceAll(/\{\{[\w-]+:[\w.]+\}\}/g, '<uid>'),
  );
}

/** Some object of the kind, for patches that no state of it makes good. */
function stored(served: ReturnType<typeof target>['served'], namespace: string, name: string): Resource {
  const apiVersion = served.group === '' ? served.version : `${served.group}/${served.version}`;
  const metadata = { name, namespace, uid: 'u', resourceVersion: '5', creationTimestamp: '2024-01-01T00:00:00Z' };
  return { apiVersion, kind: served.kind, metadata, spec: { ipam: { mode: 'Auto' } } };
}

/** The answer that was last given for a path. */
function stateBefore(id: string, path: string): Resource {
  const all = casesOf('patch');
  const own = (path.split('?')[0] ?? '').replace(/\/status$/, '');
  const earlier = all
    .slice(
      0,
      all.findIndex((each) => each.id === id),
    )
    .filter(({ answer, path: other, body }) => {
      const isSame = (other.split('?')[0] ?? '').replace(/\/status$/, '') === own;
      const isCreate = own === `${other}/${(body as Resource | undefined)?.metadata?.name ?? ''}`;
      return answer.status < 300 && !other.includes('dryRun') && (isSame || isCreate);
    });
  const state = structuredClone(earlier.at(-1)?.answer.body) as Resource;
  // Recorded times are names of times.
  state.metadata.creationTimestamp = '2024-01-01T00:00:00Z';
  delete state.metadata.managedFields;
  state.metadata.resourceVersion = '5';
  return state;
}

function withoutUids(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value).replaceAll('{{ns}}', 'golden'));
}

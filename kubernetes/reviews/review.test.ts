import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adminToken, type Authenticate } from '../../access/authenticate.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { reviews } from '../served/reviews.ts';
import { ApiError } from '../status/status.ts';
import { review } from './review.ts';

// What a real Kubernetes API server answered. It lies beside the repository, not in it.
const golden = new URL('../../../shared/golden/kubernetes/cases/builtin.json', import.meta.url);
const present = existsSync(golden);
if (!present) console.warn('Golden answers skipped: ../shared/golden/kubernetes is not beside the repository');

const admin = { user: 'admin', groups: ['system:masters', 'system:authenticated'], project: 'default' };
const nobody = { user: 'nobody', groups: [], project: 'default' };

async function ask(
  kind: string,
  object: object,
  {
    namespace,
    identity = admin,
    authenticate = adminToken('the-token'),
  }: { namespace?: string; identity?: typeof admin; authenticate?: Authenticate } = {},
): Promise<{ code: number | undefined; body: Record<string, any> }> {
  const served = reviews.find((one) => one.kind === kind);
  if (served === undefined) throw new Error(`${kind} is not served`);
  try {
    const body = await review({
      served,
      object: object as Record<string, unknown>,
      identity,
      ...(namespace === undefined ? {} : { namespace }),
      authority: createPolicies(),
      authenticate,
    });
    return { code: 201, body };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { code: error.status.code, body: error.status };
  }
}

interface Case {
  readonly id: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: object;
  readonly texts?: 'free';
  readonly compare?: readonly string[];
  readonly body: { readonly kind: string };
  readonly answer: { readonly status: number; readonly body: Record<string, unknown> };
}

describe.skipIf(!present)('golden reviews', () => {
  const text = present ? readFileSync(golden, 'utf8').replaceAll('{{ns}}', 'golden') : '{"cases":[]}';
  const cases = (JSON.parse(text) as { cases: Case[] }).cases.filter(
    ({ path, method, headers }) => method === 'POST' && path.endsWith('reviews') && headers === undefined,
  );

  test('there are enough', () => {
    expect(cases.length).toBeGreaterThan(10);
  });

  test.each(cases.map((each) => [each.id, each] as const))(
    '%s',
    async (_id, { path, body, answer, compare, texts }) => {
      const namespace = /namespaces\/([^/]+)\//.exec(path)?.[1];
      const given = await ask(body.kind, body, namespace === undefined ? {} : { namespace });
      expect(given.code).toBe(answer.status);
      for (const path of compare ?? []) expect(at(given.body, path), path).toEqual(answer.body[path]);
      // Messages are not compared: they show the inside of the other server.
      if (texts === 'free') expect(given.body).toMatchObject(answer.body);
    },
  );
});

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<any>((inner, step) => inner?.[step], value);
}

test('who may what is decided for the one who is asked about', async () => {
  const resourceAttributes = { verb: 'get', resource: 'secrets', odd: 'field' };
  const allowed = async (kind: string, spec: object, more: object = {}): Promise<unknown> =>
    (await ask(kind, { spec }, more)).body['status'];
  expect(await allowed('SelfSubjectAccessReview', { resourceAttributes })).toEqual({ allowed: true });
  expect(await allowed('SelfSubjectAccessReview', { resourceAttributes }, { identity: nobody })).toEqual({
    allowed: false,
  });
  const masters = { user: 'root', groups: ['system:masters'], resourceAttributes };
  expect(await allowed('SubjectAccessReview', masters, { identity: nobody })).toEqual({ allowed: true });
  expect(await allowed('SubjectAccessReview', { user: 'admin', resourceAttributes })).toEqual({ allowed: false });
  const { body } = await ask('SelfSubjectAccessReview', { metadata: { name: 'x' }, spec: { resourceAttributes } });
  expect(body).toMatchObject({
    metadata: { name: 'x', creationTimestamp: expect.any(String) },
    spec: { resourceAttributes: { verb: 'get', resource: 'secrets' } },
  });
  expect(body['spec'].resourceAttributes).not.toHaveProperty('odd');
});

test('rules are all for those who may do all, and none for those who may nothing', async () => {
  const sent = { spec: { namespace: 'default' } };
  expect((await ask('SelfSubjectRulesReview', sent)).body['status']).toEqual({
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  });
  expect((await ask('SelfSubjectRulesReview', sent, { identity: nobody })).body['status']).toEqual({
    resourceRules: [],
    nonResourceRules: [],
    incomplete: false,
  });
});

test('a question about somebody is repeated with all that it says of them', async () => {
  const spec = {
    user: 'u',
    uid: 'id',
    groups: ['g'],
    extra: { scopes: ['a', 'b'] },
    resourceAttributes: { verb: 'get' },
  };
  const { body } = await ask('SubjectAccessReview', { spec });
  expect(body['spec']).toEqual(spec);
  expect(await ask('SubjectAccessReview', { spec: { ...spec, extra: { a: 'b' } } })).toMatchObject({ code: 400 });
  expect((await ask('SelfSubjectRulesReview', { spec: { namespace: 'default' } })).body['spec']).toEqual({});
});

test('a token tells whose it is', async () => {
  const status = async (token: unknown): Promise<unknown> =>
    (await ask('TokenReview', { spec: { token } })).body['status'];
  expect(await status('the-token')).toEqual({
    authenticated: true,
    user: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
  });
  expect(await status('another')).toEqual({ user: {}, error: 'invalid bearer token' });
  expect(await status('')).toBe('Failure');
});

test('a token of another project is none, whatever its owner is called', async () => {
  const robot = 'system:serviceaccount:default:robot';
  const ofProject =
    (boundTo: string): Authenticate =>
    async () => ({ user: robot, groups: [], project: boundTo, boundTo });
  const isKnown = async (project: string, boundTo: string): Promise<boolean> => {
    const asked = { identity: { ...admin, project }, authenticate: ofProject(boundTo) };
    const { body } = await ask('TokenReview', { spec: { token: 'any' } }, asked);
    return body['status'].authenticated === true;
  };
  expect(await isKnown('shop.3f2a9c1d04be', 'shop.3f2a9c1d04be')).toBe(true);
  expect(await isKnown('shop.3f2a9c1d04be', 'shop')).toBe(true);
  expect(await isKnown('default', 'shop.3f2a9c1d04be')).toBe(false);
  expect(await isKnown('shop.3f2a9c1d04be', 'default')).toBe(false);
  expect(await isKnown('shop.3f2a9c1d04be', 'shop.000000000000')).toBe(false);
});

test('who asks is told who it is', async () => {
  expect((await ask('SelfSubjectReview', {}, { identity: nobody })).body['status']).toEqual({
    userInfo: { username: 'nobody' },
  });
});

test.each([
  { spec: 5 },
  { spec: { resourceAttributes: [] } },
  { spec: { resourceAttributes: { verb: 1 } } },
  { spec: { user: {}, resourceAttributes: {} } },
  { spec: { groups: 'x', resourceAttributes: {} } },
  { spec: { groups: [1], resourceAttributes: {} } },
])('%j is no question', async (object) => {
  expect(await ask('SubjectAccessReview', object)).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
});

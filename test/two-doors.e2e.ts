import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiNames } from '../kinds/generator/graphql-api/names.ts';
import type { Resource } from '../kinds/object.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { allRows } from '../kinds/rules/all-rows.ts';
import { type Fixture, patched, valid } from '../kinds/rules/fixture.ts';
import { serverOfFile } from './clients/support/server.ts';
import { ask, send } from './support/graphql.ts';

// One lock behind two doors: what is written through either is the same, and so is what either refuses.

const registry = builtInRegistry();
const server = serverOfFile();
const fixtures = Object.keys(valid) as Fixture[];
let database: Client;

beforeAll(async () => {
  database = new Client({ connectionString: server().ready.database });
  await database.connect();
  await throughKubernetes('Location', named(patched('Location', {}), 'l'));
});
afterAll(() => database.end());

/** An object with the metadata that a writer sends. */
function named({ metadata, ...rest }: Resource, name: string): Resource {
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, ...sent } = metadata;
  return { ...rest, metadata: { ...sent, name: sent.name === 'a' ? name : sent.name } } as Resource;
}

function kindOf(fixture: Fixture) {
  return registry.get(valid[fixture].kind);
}

function pathOf(fixture: Fixture): string {
  const { group, version, plural, scope } = kindOf(fixture);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${scope === 'Namespaced' ? '/namespaces/default' : ''}/${plural}`;
}

async function throughKubernetes(fixture: Fixture, object: object) {
  return server().call({
    method: 'POST',
    path: `${pathOf(fixture)}?fieldManager=graphql&fieldValidation=Strict`,
    body: object,
  });
}

async function throughGraphql(fixture: Fixture, { apiVersion: _apiVersion, kind: _kind, ...input }: Resource) {
  const names = apiNames(kindOf(fixture));
  return send<{ payload: { userErrors: { code: string; message: string; field?: string; reason?: string }[] } }>(
    server().ready,
    `mutation ($input: ${names.input}!) { payload: ${names.create}(input: $input) { userErrors { message code ... on ValidationError { field reason } } } }`,
    { input },
  );
}

/** The object as it stands in Postgres, without what differs from one creation to the next. */
async function storedText(fixture: Fixture, name: string): Promise<string> {
  const { rows } = await database.query<{ text: string }>(
    'select object::text as text from resource where kind = $1 and name = $2',
    [kindOf(fixture).id, name],
  );
  return (
    String(rows[0]?.text)
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replace(/"(creationTimestamp|time)":"[^"]*"/g, '"$1":"<time>"')
      // A secret is never sealed twice alike.
      .replace(/"enc:v2:[^"]+"/g, '"<sealed>"')
  );
}

async function remove(fixture: Fixture, name: string): Promise<void> {
  const path = `${pathOf(fixture)}/${name}`;
  // No controller runs that would let it go.
  const headers = { 'content-type': 'application/merge-patch+json' };
  await server().call({ method: 'PATCH', path, headers, body: { metadata: { finalizers: null } } });
  await server().call({ method: 'DELETE', path });
  await expect.poll(() => storedText(fixture, name)).toBe('undefined');
}

/** The same value with the keys of its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, inner]) => [key, reversed(inner)])); // prettier-ignore
}

describe('the same object through either door is the same in the store', () => {
  test.each(fixtures.filter((fixture) => fixture !== 'Namespace'))('%s', async (fixture) => {
    const name = `same-${fixture.toLowerCase()}`;
    const object = named(patched(fixture, { 'metadata.name': 'a', 'metadata.labels': { b: '2', a: '1' } }), name);
    const answer = await throughGraphql(fixture, object);
    expect(answer).toMatchObject({ data: { payload: { userErrors: [] } } });
    const first = await storedText(fixture, name);
    await remove(fixture, name);
    expect(await throughKubernetes(fixture, reversed(object) as object)).toMatchObject({ status: 201 });
    expect(await storedText(fixture, name)).toBe(first);
    expect(first).toContain('"managedFields"');
    await remove(fixture, name);
  });
});

/**
 * What no create can break through both doors: status has a path of its own, the namespace comes with Kubernetes' URL, and
 * GraphQL takes a single value for a list of one.
 */
function isNotSent(path: string): boolean {
  return path.startsWith('status') || path === 'metadata.namespace' || path === 'rules[0].verbs';
}

describe('a rule that is broken is told alike by both doors', () => {
  const created = fixtures.flatMap((fixture) =>
    allRows[fixture]
      .filter(({ before, patch }) => before === undefined && !Object.keys(patch).some(isNotSent))
      .map((row) => [`${fixture} ${JSON.stringify(row.patch).slice(0, 90)}`, fixture, row] as const),
  );

  test.each(created)('%s', async (_name, fixture, { patch, path, reason, message }) => {
    const object = named(patched(fixture, patch), 'broken');
    const [kubernetes, graphql] = await Promise.all([
      throughKubernetes(fixture, object),
      throughGraphql(fixture, object),
    ]);
    const causes = (
      (kubernetes.body.details?.causes ?? []) as { field: string; reason: string; message: string }[]
    ).filter(({ field }) => field !== '<nil>');
    const userErrors = graphql.data?.payload?.userErrors;
    if (userErrors === undefined || userErrors === null) {
      // GraphQL's own types refuse it before the store can; the path is the same.
      const fields = graphql.errors?.map(({ extensions }) => extensions?.['field']);
      expect(graphql.errors?.map(({ extensions }) => extensions?.['code'])).toContain('BAD_USER_INPUT');
      expect(
        fields?.some((field) => String(field).startsWith(path) || path.startsWith(String(field))),
        String(fields),
      ).toBe(true);
    } else {
      expect(userErrors).toEqual([
        expect.objectContaining({ code: 'INVALID', field: path, reason, message: expect.stringContaining(message) }),
      ]);
    }
    if (kubernetes.status === 422) {
      expect(causes).toEqual([
        expect.objectContaining({ field: path, reason, message: expect.stringContaining(message) }),
      ]);
      if (userErrors) expect(userErrors[0]?.message).toBe(causes[0]?.message);
    } else {
      // Kubernetes' decoder is as strict as GraphQL's types with metadata, built-in kinds and unknown fields.
      expect(kubernetes).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    }
  });

  test('nothing of it is stored', async () => {
    const { rows } = await database.query("select kind, name from resource where name = 'broken'");
    expect(rows).toEqual([]);
    await ask(server().ready, '{ networks { nodes { id } } }');
  });
});

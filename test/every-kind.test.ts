import { beforeAll, describe, expect, test } from 'vitest';
import { apiNames } from '../kinds/generator/graphql-api/names.ts';
import { isConnection, isSingle, relationsOf } from '../kinds/generator/graphql-api/relations.ts';
import type { Kind } from '../kinds/kind.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { createWorld, type KindWorld } from './support/kind-world.ts';
import { watchOverWebSocket } from './support/watcher.ts';

const registry = builtInRegistry();
const relations = relationsOf(registry.all());

const meta = 'metadata { name namespace uid resourceVersion labels }';
const outcome =
  'userErrors { __typename message code ... on ConflictError { currentResourceVersion } ... on ValidationError { field } } warnings';

/** `(namespace: "default", name: …)` of a kind, with more arguments. */
function key({ scope }: Kind, name: string, more = ''): string {
  return `(${scope === 'Namespaced' ? 'namespace: "default", ' : ''}name: "${name}"${more})`;
}

describe.each(['joined', 'remote'] as const)('every kind × every verb through the gateway, subgraphs %s', (shape) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await createWorld(shape);
    return () => world.close();
  });

  for (const kind of registry.all()) {
    const names = apiNames(kind);
    const type = kind.name;

    describe(kind.id, () => {
      test('create: dry run keeps nothing, the second of a name is a conflict, a key answers again', async () => {
        const create = `mutation ($input: ${names.input}!, $dryRun: Boolean!, $key: String) {
          payload: ${names.create}(input: $input, dryRun: $dryRun, idempotencyKey: $key) { object: ${names.one} { id ${meta} } ${outcome} } }`;
        const run = async (name: string, dryRun: boolean, idempotencyKey?: string) =>
          (await world.ask(create, { input: world.input(kind, name), dryRun, key: idempotencyKey })).payload;
        const dry = await run('made', true);
        expect(dry).toMatchObject({ userErrors: [], object: { metadata: { name: 'made' } } });
        expect((await world.ask(`{ object: ${names.one}${key(kind, 'made')} { id } }`)).object).toBeNull();
        const made = await run('made', false);
        expect(made).toMatchObject({ userErrors: [], object: { metadata: { name: 'made', uid: expect.any(String) } } });
        expect(await run('made', false)).toMatchObject({
          object: null,
          userErrors: [{ __typename: 'ConflictError', code: 'ALREADY_EXISTS' }],
        });
        const first = await run('keyed', false, `${type}-1`);
        expect(await run('keyed', false, `${type}-1`)).toEqual(first);
        expect(await run('other', false, `${type}-1`)).toMatchObject({
          object: null,
          userErrors: [{ code: 'IDEMPOTENCY_MISMATCH' }],
        });
      });

      test('create: a bad name is a validation error with its path', async () => {
        const create = `mutation ($input: ${names.input}!) { payload: ${names.create}(input: $input) { object: ${names.one} { id } ${outcome} } }`;
        // Roles and bindings may be called almost anything.
        const bad = kind.group.startsWith('rbac.') ? 'not/a-name' : 'Not_A_Name';
        const { payload } = await world.ask(create, { input: world.input(kind, bad) });
        expect(payload).toMatchObject({
          object: null,
          userErrors: [{ __typename: 'ValidationError', field: 'metadata.name' }],
        });
      });

      test('get, by name and by id', async () => {
        const { object } = await world.ask(
          `{ object: ${names.one}${key(kind, 'sample')} { id apiVersion kind ${meta} } }`,
        );
        expect(object).toMatchObject({ kind: type, metadata: { name: 'sample' } });
        const query = `query ($id: ID!) { node(id: $id) { id __typename ... on Resource { apiVersion kind ${meta} } } nodes(ids: [$id, "nothing"]) { id } }`;
        const { node, nodes } = await world.ask(query, { id: object.id });
        expect(node).toEqual({ __typename: type, ...object });
        expect(nodes).toEqual([{ id: object.id }, null]);
        expect((await world.ask(`{ object: ${names.one}${key(kind, 'nobody')} { id } }`)).object).toBeNull();
      });

      test('list: page by page, both ways, by label and field', async () => {
        const list = (args: string) =>
          `{ page: ${names.many}${args} { nodes { ${meta} } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } resourceVersion resumeToken } }`;
        const { page: all } = await world.ask(list(''));
        const allNames = all.nodes.map((node: any) => node.metadata.name);
        expect(allNames).toContain('sample');
        const { page: first } = await world.ask(list('(first: 1)'));
        const { page: second } = await world.ask(list(`(first: 1, after: "${first.pageInfo.endCursor}")`));
        expect([...first.nodes, ...second.nodes].map((node: any) => node.metadata.name)).toEqual(allNames.slice(0, 2));
        expect(first.pageInfo).toMatchObject({
          hasNextPage: allNames.length > 1,
          hasPreviousPage: false,
          startCursor: first.edges[0].cursor,
        });
        expect(second.pageInfo.hasPreviousPage).toBe(true);
        const { page: descending } = await world.ask(list('(orderBy: NAME_DESC)'));
        expect(descending.nodes).toEqual(all.nodes.toReversed());
        const { page: labelled } = await world.ask(list('(filter: { labelSelector: "sample in (yes)" })'));
        expect(labelled.nodes.map((node: any) => node.metadata.name)).toEqual(['sample']);
        const { page: named } = await world.ask(list('(filter: { fieldSelector: "metadata.name=sample" })'));
        expect(named.nodes).toEqual(labelled.nodes);
        expect(all.resourceVersion).toMatch(/^\d+$/);
      });

      test('update: merges, honours ifMatch and dry run', async () => {
        const update = `mutation ($patch: ${names.patch}!, $ifMatch: String, $dryRun: Boolean!) {
          payload: ${names.update}${key(kind, 'updated', ', patch: $patch, ifMatch: $ifMatch, dryRun: $dryRun')} { object: ${names.one} { ${meta} } ${outcome} } }`;
        await world.create(kind, 'updated', { kept: 'yes', dropped: 'yes' });
        const run = async (labels: object, more: object = {}) =>
          (await world.ask(update, { patch: { metadata: { labels } }, dryRun: false, ...more })).payload;
        const before = (await world.ask(`{ object: ${names.one}${key(kind, 'updated')} { ${meta} } }`)).object.metadata;
        expect((await run({ dry: 'yes' }, { dryRun: true })).object.metadata.labels).toMatchObject({
          kept: 'yes',
          dropped: 'yes',
          dry: 'yes',
        });
        const { object, userErrors } = await run({ dropped: null, added: 'yes' }, { ifMatch: before.resourceVersion });
        expect(userErrors).toEqual([]);
        expect(object.metadata.labels).toMatchObject({ kept: 'yes', added: 'yes' });
        expect(object.metadata.labels).not.toHaveProperty('dropped');
        expect(object.metadata.labels).not.toHaveProperty('dry');
        const stale = await run({ late: 'yes' }, { ifMatch: before.resourceVersion });
        expect(stale).toMatchObject({
          object: null,
          userErrors: [{ __typename: 'ConflictError', currentResourceVersion: object.metadata.resourceVersion }],
        });
        const missing = await world.ask(update.replace('"updated"', '"nobody"'), { patch: {}, dryRun: false });
        expect(missing.payload).toMatchObject({ object: null, userErrors: [{ __typename: 'NotFoundError' }] });
      });

      test('apply: owns its fields, refuses those of others, takes over by force, lets go by omission', async () => {
        const apply = `mutation ($input: ${names.patch}!, $manager: String!, $force: Boolean!) {
          payload: ${names.apply}${key(kind, 'applied', ', input: $input, fieldManager: $manager, force: $force')} {
            created object: ${names.one} { ${meta} } userErrors { __typename code ... on FieldOwnershipError { manager field } } } }`;
        await world.create(kind, 'applied', { made: 'yes' });
        const run = async (manager: string, labels: object, force = false) =>
          (await world.ask(apply, { input: { metadata: { labels } }, manager, force })).payload;
        const first = await run('one', { tier: 'a', only: 'one' });
        expect(first).toMatchObject({
          created: false,
          userErrors: [],
          object: { metadata: { labels: { tier: 'a' } } },
        });
        expect(await run('one', { tier: 'a', only: 'one' })).toEqual(first);
        expect(await run('two', { tier: 'b' })).toMatchObject({
          object: null,
          userErrors: [{ __typename: 'FieldOwnershipError', manager: 'one', field: '.metadata.labels.tier' }],
        });
        expect((await run('two', { tier: 'b' }, true)).object.metadata.labels).toMatchObject({
          tier: 'b',
          only: 'one',
        });
        const { object } = await run('one', {});
        expect(object.metadata.labels).toMatchObject({ tier: 'b' });
        expect(object.metadata.labels).not.toHaveProperty('only');
        expect(await run('', {})).toMatchObject({ userErrors: [{ __typename: 'ValidationError' }] });
      });

      test('watch: the state, then what changes', async () => {
        const watcher = watchOverWebSocket(
          world.url,
          `subscription { ${names.watch}(filter: { labelSelector: "watched" }) { type resumeToken object: ${names.one} { ${meta} } } }`,
        );
        await watcher.until((events) => events.length === 1);
        await world.create(kind, 'watched', { watched: 'yes' });
        await watcher.until((events) => events.length === 2);
        await world.remove(kind, 'watched');
        await watcher.until((events) => events.at(-1)?.type === 'DELETED' || events.at(-1)?.type === 'MODIFIED');
        expect(watcher.events[0]?.type).toBe('BOOKMARK');
        expect(watcher.events[1]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'watched' } } });
      });

      test('delete: dry run and preconditions first', async () => {
        await world.create(kind, 'deleted', {});
        const run = async (more: string, name = 'deleted') =>
          (
            await world.ask(
              `mutation { payload: ${names.delete}${key(kind, name, more)} { deleted object: ${names.one} { ${meta} } ${outcome} } }`,
            )
          ).payload;
        expect(await run(', dryRun: true')).toMatchObject({
          userErrors: [],
          object: { metadata: { name: 'deleted' } },
        });
        expect(await run(', uid: "00000000-0000-4000-8000-000000000000"')).toMatchObject({
          deleted: false,
          object: null,
          userErrors: [{ __typename: 'ConflictError' }],
        });
        expect(await run(', ifMatch: "1"')).toMatchObject({
          deleted: false,
          userErrors: [{ __typename: 'ConflictError' }],
        });
        expect(await run(', propagation: BACKGROUND')).toMatchObject({
          userErrors: [],
          object: { metadata: { name: 'deleted' } },
        });
        const { object } = await world.ask(
          `{ object: ${names.one}${key(kind, 'deleted')} { metadata { deletionTimestamp } } }`,
        );
        if (object !== null) expect(object.metadata.deletionTimestamp).toEqual(expect.any(String));
        expect(await run('', 'nobody')).toMatchObject({
          deleted: false,
          userErrors: [{ __typename: 'NotFoundError' }],
        });
      });

      test('relations: each leads to its object, whichever subgraph has it', async () => {
        const fields = [...(relations.get(kind.id) ?? [])];
        const selection = fields.map(
          ([field, relation]) =>
            `${field} ${isConnection(relation) ? `{ nodes { __typename ${meta} } }` : `{ __typename ${meta} }`}`,
        );
        const { object } = await world.ask(
          `{ object: ${names.one}${key(kind, 'sample')} { id ${selection.join(' ')} } }`,
        );
        for (const [field, relation] of fields) {
          const found = isConnection(relation)
            ? object[field].nodes
            : isSingle(relation)
              ? [object[field]]
              : object[field];
          const sample = found?.find((each: any) => each?.metadata.name === 'sample');
          expect(sample, `${kind.id}.${field}`).toMatchObject({ __typename: relation.to });
        }
      });
    });
  }
});

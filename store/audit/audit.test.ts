import { expect, test } from 'vitest';
import { auditOf, faultsOf, writeAllAudit } from '../../test/support/audit.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { compact } from '../compact.ts';
import type { RequestContext } from '../types.ts';
import { forgetOldRecords } from './forget-old-records.ts';
import { originText } from './write-origin.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const asAnn: RequestContext = {
  ...asAdmin,
  actor: 'ann',
  requestId: 'request-1',
  origin: () =>
    originText({
      door: 'kubernetes',
      address: '10.0.0.7',
      agent: 'kubectl/1.33',
      uid: 'u-1',
      groups: ['dev'],
      credential: 'oidc:https://issuer',
      impersonator: 'root',
      verb: 'patch',
    }),
};

test('a write is told with who, from where, and which fields changed', async () => {
  const store = await testStore();
  const key = { namespace: 'default', name: 'c' };
  await store.store.create(asAdmin, 'ConfigMap', {
    metadata: { ...key, labels: { tier: 'edge' } },
    data: { a: '1', b: '2' },
  });
  const { object } = await store.store.update(asAnn, 'ConfigMap', key, (current) => ({
    ...current,
    metadata: { ...current.metadata, labels: { 'x.io/tier': 'core' } },
    data: { a: '1', b: '3' },
  }));
  await store.store.delete(asAdmin, 'ConfigMap', key);
  await writeAllAudit(store);
  const [, created, updated, deleted] = await auditOf(store);
  expect(created).toMatchObject({
    user: 'admin',
    door: 'internal',
    verb: 'create',
    effect: 'ADDED',
    allowed: true,
    kind: 'ConfigMap',
    ...key,
    changes: [
      { path: 'metadata.labels[tier]', after: 'edge' },
      { path: 'data', after: { a: '1', b: '2' } },
    ],
  });
  expect(updated).toEqual({
    project: 'default',
    sequence: 3,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    door: 'kubernetes',
    user: 'ann',
    address: '10.0.0.7',
    agent: 'kubectl/1.33',
    uid: 'u-1',
    groups: ['dev'],
    credential: 'oidc:https://issuer',
    impersonator: 'root',
    manager: 'test',
    verb: 'patch',
    allowed: true,
    kind: 'ConfigMap',
    ...key,
    objectUid: object.metadata.uid,
    effect: 'MODIFIED',
    revision: object.metadata.resourceVersion,
    requestId: 'request-1',
    changes: [
      { path: 'metadata.labels[tier]', before: 'edge' },
      { path: 'metadata.labels[x.io/tier]', after: 'core' },
      { path: 'data[b]', before: '2', after: '3' },
    ],
  });
  expect(deleted).toMatchObject({ verb: 'delete', effect: 'DELETED', changes: [] });
  expect(await faultsOf(store)).toEqual([]);
});

test('values of secrets are told as changed, in the object and in the copy that kubectl keeps', async () => {
  const store = await testStore();
  const key = { namespace: 'default', name: 's' };
  const values = ['one', 'two', 'three'].map((value) => base64(`secret value ${value}`));
  const copy = (value: string) => ({ [lastApplied]: JSON.stringify({ data: { a: value } }) });
  await store.store.create(asAdmin, 'Secret', {
    metadata: { ...key, annotations: copy(values[0] ?? '') },
    data: { a: values[0] ?? '', b: values[1] ?? '', c: values[2] ?? '' },
  });
  await store.store.update(asAdmin, 'Secret', key, (current) => ({
    ...current,
    metadata: { ...current.metadata, annotations: copy(values[1] ?? '') },
    data: { b: current.data?.['b'] ?? '', a: values[1] ?? '', d: values[2] ?? '' },
  }));
  await store.store.delete(asAdmin, 'Secret', key);
  await writeAllAudit(store);
  const [, created, updated, deleted] = await auditOf(store);
  const copied = `metadata.annotations[${lastApplied}]`;
  expect(created?.changes).toEqual([
    { path: copied, redacted: 'ADDED' },
    { path: 'data[a]', redacted: 'ADDED' },
    { path: 'data[b]', redacted: 'ADDED' },
    { path: 'data[c]', redacted: 'ADDED' },
    { path: 'type', after: 'Opaque' },
  ]);
  expect(updated?.changes).toEqual([
    { path: copied, redacted: 'CHANGED' },
    { path: 'data[a]', redacted: 'CHANGED' },
    { path: 'data[c]', redacted: 'REMOVED' },
    { path: 'data[d]', redacted: 'ADDED' },
  ]);
  expect(deleted?.changes).toEqual([]);
  const { rows } = await store.pool.query<{ record: string }>('select record from audit_record');
  const text = rows.map(({ record }) => record).join();
  for (const value of values) {
    expect(text).not.toContain(value);
    expect(text).not.toContain(Buffer.from(value, 'base64').toString());
  }
});

test('a deletion that waits for finalizers is told when it is asked for and when it happens', async () => {
  const store = await testStore();
  const key = { namespace: 'default', name: 'c' };
  await store.store.create(asAdmin, 'ConfigMap', { metadata: { ...key, finalizers: ['x.io/f'] } });
  await store.store.delete(asAdmin, 'ConfigMap', key);
  await store.store.update(asAdmin, 'ConfigMap', key, (current) => ({
    ...current,
    metadata: { ...current.metadata, finalizers: [] },
  }));
  await writeAllAudit(store);
  const [, , asked, happened] = await auditOf(store);
  expect(asked).toMatchObject({ verb: 'delete', effect: 'MODIFIED' });
  expect(asked?.changes?.[0]).toMatchObject({ path: 'metadata.deletionTimestamp' });
  expect(happened).toMatchObject({ verb: 'delete', effect: 'DELETED' });
});

test('projects have chains of their own, and writers that meet repeat nothing', async () => {
  const store = await testStore();
  const projects = ['default', 'one', 'two'];
  for (const project of projects.slice(1))
    await store.store.create({ ...asAdmin, project }, 'Namespace', { metadata: { name: 'default' } });
  await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      store.store.create({ ...asAdmin, project: projects[n % 3] ?? '' }, 'ConfigMap', {
        metadata: { namespace: 'default', name: `c${n}` },
      }),
    ),
  );
  await Promise.all([writeAllAudit(store), writeAllAudit(store), writeAllAudit(store)]);
  for (const project of projects) {
    const records = await auditOf(store, project);
    expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 101 }, (_, n) => n + 1));
    const revisions = records.map(({ revision }) => BigInt(revision ?? 0));
    expect(revisions).toEqual(revisions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(revisions).size).toBe(101);
  }
  expect(await faultsOf(store)).toEqual([]);
});

test('history waits for audit; what was forgotten after a day of silence is said to be', async () => {
  const store = await testStore();
  await writeAllAudit(store);
  const key = { namespace: 'default', name: 'c' };
  await store.store.create(asAdmin, 'ConfigMap', { metadata: key, data: { n: '0' } });
  for (let n = 1; n < 6; n += 1)
    await store.store.update(asAdmin, 'ConfigMap', key, (current) => ({ ...current, data: { n: String(n) } }));
  await compact(store.pool, { keepMs: 0, maxRows: 1 });
  expect((await store.pool.query("select from change where kind = 'ConfigMap'")).rowCount).toBe(6);

  await store.pool.query("update reader_cursor set at = now() - interval '25 hours'");
  await compact(store.pool, { keepMs: 3_600_000, maxRows: 2 });
  await writeAllAudit(store);
  const records = await auditOf(store);
  expect(records.map(({ verb }) => verb)).toEqual(['create', 'forget', 'update', 'update']);
  expect(records[1]).toMatchObject({ user: 'system:audit', gap: { after: records[0]?.revision } });
  // The states before are kept for those that stay.
  expect(records.slice(2).map(({ changes }) => changes)).toEqual([
    [{ path: 'data[n]', before: '3', after: '4' }],
    [{ path: 'data[n]', before: '4', after: '5' }],
  ]);
  expect(await faultsOf(store)).toEqual([]);
});

test('old records are forgotten and the rest is still verified; nobody else deletes or changes any', async () => {
  const store = await testStore();
  for (let n = 0; n < 5; n += 1)
    await store.store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: `c${n}` } });
  await writeAllAudit(store);
  for (const statement of [
    "update audit_record set actor = 'nobody' where seq = 2",
    'delete from audit_record where seq = 2',
    'delete from audit_record',
    'truncate audit_record',
  ])
    await expect(store.pool.query(statement), statement).rejects.toThrow('audit records are only');
  const [, , third] = await auditOf(store);
  await asOwner(store.pool, "update audit_record set at = now() - interval '400 days' where seq <= 3");
  expect(await forgetOldRecords(store.pool, store.box, 365 * 24 * 3_600_000)).toBe(3);
  expect(await forgetOldRecords(store.pool, store.box, 365 * 24 * 3_600_000)).toBe(0);
  expect((await auditOf(store)).map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
  expect(await faultsOf(store)).toEqual([]);
  expect(third?.sequence).toBe(3);
  await store.store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: 'later' } });
  await writeAllAudit(store);
  expect((await auditOf(store)).map(({ sequence }) => sequence)).toEqual([4, 5, 6, 7]);
  expect(await faultsOf(store)).toEqual([]);
});

/** What who owns the database can do: the guards of a table are its owner's to lift. */
async function asOwner(pool: { query(text: string): Promise<unknown> }, statement: string): Promise<void> {
  await pool.query('alter table audit_record disable trigger user');
  await pool.query(statement);
  await pool.query('alter table audit_record enable trigger user');
}

test.each([
  ['changed', "update audit_record set record = replace(record, 'admin', 'nobody') where seq = 3", 3n],
  [
    'changed, hash and all',
    `update audit_record set record = replace(record, 'admin', 'nobody'),
     hash = sha256((select hash from audit_record b where b.seq = 2) || convert_to(replace(record, 'admin', 'nobody'), 'utf8')) where seq = 3`,
    3n,
  ],
  ['changed for queries', "update audit_record set actor = 'nobody' where seq = 3", 3n],
  ['removed', 'delete from audit_record where seq = 3', 3n],
  ['removed at the end', 'delete from audit_record where seq = 6', 5n],
  ['removed at the beginning', 'delete from audit_record where seq <= 2', 1n],
  ['moved', 'update audit_record set seq = case seq when 3 then 103 else seq end', 3n],
  [
    'exchanged',
    `with o as (select seq, record, hash from audit_record)
     update audit_record r set record = o.record, hash = o.hash from o where o.seq = 7 - r.seq and r.seq in (3, 4)`,
    3n,
  ],
  [
    'put in',
    `insert into audit_record select project, 7, hash, record, at, actor, verb, allowed, kind, namespace, name, uid from audit_record where seq = 3`,
    7n,
  ],
  [
    'cut off with its end',
    `delete from audit_record where seq = 6;
     update audit_chain set seq = 5, hash = (select hash from audit_record where seq = 5)`,
    5n,
  ],
  [
    'forgotten by somebody else',
    `update audit_chain set floor_seq = 2, floor_hash = (select hash from audit_record where seq = 2);
     delete from audit_record where seq <= 2`,
    2n,
  ],
  ['taken away altogether', 'delete from audit_record; delete from audit_chain', 1n],
  ['left without its chain', 'delete from audit_chain', 1n],
])('a record that was %s is found', async (_, statement, sequence) => {
  const store = await testStore();
  for (let n = 0; n < 5; n += 1)
    await store.store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: `c${n}` } });
  await writeAllAudit(store);
  const { rows } = await store.pool.query<{ seq: string; hash: Buffer }>('select seq, hash from audit_record');
  const anchors = new Map([['default', new Map(rows.slice(0, 1).map(({ seq, hash }) => [BigInt(seq), hash]))]]);
  expect(await faultsOf(store, { anchors })).toEqual([]);
  await asOwner(store.pool, statement);
  const [first] = await faultsOf(store, { anchors });
  expect(first).toMatchObject({ project: 'default', sequence });
});

test('an end that was cut off, with a code from before, is found by an anchor alone', async () => {
  const store = await testStore();
  await writeAllAudit(store);
  const { rows: ends } = await store.pool.query('select seq, hash, code from audit_chain');
  await store.store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: 'c' } });
  await writeAllAudit(store);
  const { rows } = await store.pool.query<{ seq: string; hash: Buffer }>('select seq, hash from audit_chain');
  const anchors = new Map([['default', new Map(rows.map(({ seq, hash }) => [BigInt(seq), hash]))]]);
  await asOwner(store.pool, 'delete from audit_record where seq = 2');
  await store.pool.query('update audit_chain set seq = $1, hash = $2, code = $3', [
    ends[0].seq,
    ends[0].hash,
    ends[0].code,
  ]);
  expect(await faultsOf(store)).toEqual([]);
  expect(await faultsOf(store, { anchors })).toMatchObject([
    { sequence: 2n, fault: 'the chain ends before an anchor' },
  ]);
});

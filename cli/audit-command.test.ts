import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { asAdmin, testStore } from '../test/support/store.ts';
import { writeAllAudit } from '../test/support/audit.ts';

const main = join(import.meta.dirname, 'main.ts');

async function command(env: Readonly<Record<string, string>>, args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out: out.trim(), error: error.trim() };
}

test('audit is exported and verified by command', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'datum-audit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = await testStore();
  const env = {
    DATABASE_URL: store.url,
    DATUM_DATA_DIR: join(folder, 'data'),
    DATUM_SECRET_KEY: store.secretKey.toString('base64'),
  };
  const shop = { ...asAdmin, project: 'shop.0123456789ab' };
  await store.store.create(shop, 'Namespace', { metadata: { name: 'default' } });
  for (let n = 0; n < 3; n += 1)
    await store.store.create(shop, 'ConfigMap', { metadata: { namespace: 'default', name: `c${n}` } });
  await writeAllAudit(store);

  const exported = await command(env, ['audit', 'export', '--project', 'shop']);
  const lines = exported.out.split('\n').map((line) => JSON.parse(line));
  expect(lines.map(({ record }) => [record.project, record.sequence, record.name])).toEqual([
    [shop.project, 1, 'default'],
    [shop.project, 2, 'c0'],
    [shop.project, 3, 'c1'],
    [shop.project, 4, 'c2'],
  ]);
  expect((await command(env, ['audit', 'export'])).out.split('\n')).toHaveLength(5);
  expect((await command(env, ['audit', 'export', '--since', '2100-01-01'])).out).toBe('');
  const anchors = await command(env, ['audit', 'anchors']);
  expect(anchors.out.split('\n').map((line) => JSON.parse(line))).toEqual([
    { project: 'default', sequence: 1, hash: expect.any(String) },
    { project: shop.project, sequence: 4, hash: lines[3].hash },
  ]);
  for (const [name, content] of Object.entries({ exported: exported.out, anchors: anchors.out }))
    await writeFile(join(folder, name), content);

  const intact = ['default: 1 records, 1 to 1, intact', `${shop.project}: 4 records, 1 to 4, intact`];
  for (const file of ['exported', 'anchors'])
    expect(await command(env, ['audit', 'verify', '--anchors', join(folder, file)])).toEqual({
      code: 0,
      out: intact.join('\n'),
      error: '',
    });
  await store.pool.query('alter table audit_record disable trigger user');
  await store.pool.query("delete from audit_record where name = 'c1'");
  const broken = await command(env, ['audit', 'verify', '--project', 'shop']);
  expect(broken).toMatchObject({ code: 1, error: 'datum: audit is not what was written' });
  expect(broken.out).toContain(`${shop.project}: record 3: records up to 3 are missing`);

  await writeFile(join(folder, 'bad'), '{"hash":"x"}\n');
  for (const bad of [
    ['audit'],
    ['audit', 'print'],
    ['audit', 'export', '--since', 'soon'],
    ['audit', 'export', '--anchors', 'x'],
    ['audit', 'verify', '--anchors', join(folder, 'missing')],
    ['audit', 'verify', '--anchors', join(folder, 'bad')],
    ['secrets'],
    ['secrets', 'rotate', 'now'],
    ['toString'],
  ]) {
    const { code, out, error } = await command(env, bad);
    expect({ bad, code, out }).toEqual({ bad, code: 1, out: '' });
    expect(error, bad.join(' ')).toMatch(/^datum: /);
  }
});

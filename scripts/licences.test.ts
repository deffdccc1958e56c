import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

interface Package {
  readonly licence: string | undefined;
  readonly dev?: boolean;
}

/** Runs the check on a project that has these packages. */
function check(packages: Readonly<Record<string, Package>>, reviewed = { shipped: {}, dev: {} }): [number, string] {
  const folder = mkdtempSync(join(tmpdir(), 'datum-licences-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'scripts'));
  for (const name of ['licences.mjs', 'install.mjs'])
    cpSync(join(import.meta.dirname, name), join(folder, 'scripts', name));
  writeFileSync(join(folder, 'scripts', 'licences.json'), JSON.stringify(reviewed));
  const entries: Record<string, object> = { '': {} };
  for (const [name, { licence, dev }] of Object.entries(packages)) {
    entries[`node_modules/${name}`] = dev === true ? { dev } : {};
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, license: licence }));
  }
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: entries }));
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'scripts', 'licences.mjs')], {
    encoding: 'utf8',
  });
  return [status ?? -1, stderr];
}

test('what was agreed to passes', () => {
  const packages = { a: { licence: 'MIT' }, '@b/c': { licence: '(GPL-3.0 OR MIT)' }, d: { licence: 'MIT AND ISC' } };
  expect(check(packages)).toEqual([0, '']);
  expect(check({ e: { licence: 'MPL-2.0', dev: true } })).toEqual([0, '']);
});

test.each([
  ['AGPL-3.0', false],
  ['GPL-3.0', true],
  ['MPL-2.0', false],
  ['Elastic-2.0', false],
  ['MIT AND GPL-3.0', false],
  ['SEE LICENSE IN FILE', false],
  [undefined, false],
])('%s does not (only for development: %s)', (licence, dev) => {
  const [status, said] = check({ a: { licence, dev }, b: { licence: 'MIT' } });
  expect([status, said]).toEqual([1, expect.stringContaining('not agreed to: a ')]);
  expect(said).not.toContain('b MIT');
});

test('an exception holds for one licence of one package, where it was made', () => {
  const reviewed = { shipped: { 'a Odd': 'looked at' }, dev: {} };
  expect(check({ a: { licence: 'Odd' } }, reviewed)).toEqual([0, '']);
  expect(check({ a: { licence: 'Odder' } }, reviewed)[0]).toBe(1);
  expect(check({ a: { licence: 'Odd', dev: true } }, reviewed)[0]).toBe(1);
  expect(check({ a: { licence: 'MIT' } }, reviewed), 'one that is no longer needed').toEqual([
    1,
    expect.stringContaining('no longer needed'),
  ]);
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { discoverControllers } from './discover.ts';

async function workers(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'workers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'reconcile.ts'), text);
  }
  return folder;
}

it('makes the controllers of every folder that has one, by name of the folder', async () => {
  const folder = await workers({
    b: 'export const controller = (deps) => [{ name: `b-${deps.tag}` }, { name: "b2" }];',
    a: 'export const controller = (deps) => ({ name: `a-${deps.tag}` });',
  });
  await mkdir(join(folder, 'helpers'));
  expect((await discoverControllers({ tag: 'x' }, folder)).map(({ name }) => name)).toEqual(['a-x', 'b-x', 'b2']);
});

it('refuses a folder whose reconcile.ts has no controller', async () => {
  const folder = await workers({ odd: 'export const reconcile = 1;' });
  await expect(discoverControllers({}, folder)).rejects.toThrow('workers/odd/reconcile.ts exports no controller');
});

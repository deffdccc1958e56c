// Fails when a generated file is not what the kinds would give today: generates anew, compares, and puts back what was there.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './install.mjs';

const read = () =>
  new Map(
    globSync('*/generated/**/*.*', { cwd: folder }).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );

const before = read();
const { status, stderr, stdout } = spawnSync('npm', ['run', 'codegen'], { cwd: folder, encoding: 'utf8' });
const after = read();
for (const [file, text] of before) writeFileSync(join(folder, file), text);
if (status !== 0) {
  console.error(`npm run codegen failed:\n${stdout}${stderr}`);
  process.exit(1);
}
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
if (stale.length > 0) console.error(`stale, run npm run codegen: ${stale.join(', ')}`);
process.exit(stale.length === 0 ? 0 : 1);

// All that can be checked without running the product; each step is shown with its outcome, and any failure fails the whole.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { folder, installWhatIsMissing, node } from './install.mjs';

installWhatIsMissing();
const bin = (name) => join(folder, 'node_modules', '.bin', name);
const steps = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of the console', bin('tsc'), ['-p', 'console/tsconfig.json', '--noEmit']],
  ['lint', bin('oxlint'), ['--deny-warnings']],
  ['format', bin('oxfmt'), ['--check']],
  ['generated code', node, [join(folder, 'scripts', 'stale.mjs')]],
  ['dead code', bin('knip'), ['--no-progress']],
  ['licences', node, [join(folder, 'scripts', 'licences.mjs')]],
  ['known weaknesses', node, [join(folder, 'scripts', 'audit.mjs')]],
];
/** Status of a step that could not be run. */
const notRun = 3;
let failed = 0;
let skipped = 0;
for (const [what, command, args] of steps) {
  if (!existsSync(command)) throw new Error(`${command} is missing; run npm install`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(folder, 'node_modules', '.bin')}:${process.env.PATH}` },
  });
  if (status === notRun) {
    skipped += 1;
    console.log(`not run: ${what}: ${stderr.trim()}`);
    continue;
  }
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${what}`);
  if (status !== 0) {
    failed += 1;
    console.log(`${stdout}${stderr}`);
  }
}
const passed = steps.length - failed - skipped;
console.log(`${passed} checks passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} not run`}`);
process.exit(failed === 0 ? 0 : 1);

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { folder, installWhatIsMissing, node } from './install.mjs';

installWhatIsMissing();
const full = process.argv.includes('--full');
const rest = process.argv.slice(2).filter((argument) => argument !== '--full');
// Files that are named run whatever they are.
const quick = !full && !rest.some((argument) => !argument.startsWith('-'));
if (quick) console.log('Most stories (test/**/*.e2e.ts) and the long proofs are left to npm test -- --full.');
const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(node, [vitest, 'run', ...rest], {
  cwd: folder,
  stdio: 'inherit',
  env: { ...process.env, DATUM_TEST_FULL: full ? '1' : '', DATUM_TEST_QUICK: quick ? '1' : '' },
});
process.exit(status ?? 1);

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { folder, installWhatIsMissing, node } from './install.mjs';

installWhatIsMissing();
const full = process.argv.includes('--full');
const rest = process.argv.slice(2).filter((argument) => argument !== '--full');
const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(node, [vitest, 'run', ...rest], {
  cwd: folder,
  stdio: 'inherit',
  env: { ...process.env, DATUM_TEST_FULL: full ? '1' : '' },
});
process.exit(status ?? 1);

// Runs on whatever Node is on the path, before anything is installed: plain JavaScript, built-ins only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const stamp = join(folder, 'node_modules', '.datum-installed');

/**
 * Installs the dependencies when they are missing or not those of package-lock.json. Not by `npm ci`: that refuses a lock
 * file that does not list the packages of every other platform, which a lock file made behind a partial mirror cannot.
 */
export function installWhatIsMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies (once; this takes a minute or two) …');
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error('npm install failed; see above.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** The project's own Node. */
export const node = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
export { folder };

// Builds the web console into console/dist, when it is missing or not what its sources would give.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { folder, node } from './install.mjs';

const dist = join(folder, 'console', 'dist');
const stamp = join(dist, '.sources');
/** No sources: what was built or installed, and what only tests and the command line use. */
const skipped =
  /(^|\/)(dist(\.[^/]+)?|node_modules|codegen|cli\/(commands|connection|manifests))(\/|$)|\.(test|e2e|fixture)\.tsx?$|\.md$/;
/** Smaller files do not get smaller. */
const minCompressedBytes = 256;

/** All files below a folder, by path. */
function filesBelow(path) {
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = join(path, entry.name);
      if (skipped.test(relative(folder, below).replaceAll('\\', '/'))) return [];
      return entry.isDirectory() ? filesBelow(below) : [below];
    });
}

/** What stands for the sources: the console's own, those of the SDK, and the versions of all packages. */
function hashOfSources() {
  const hash = createHash('sha256');
  const files = [
    ...filesBelow(join(folder, 'console')),
    ...filesBelow(join(folder, 'sdk')),
    join(folder, 'package-lock.json'),
    join(folder, 'scripts', 'build-console.mjs'),
  ];
  for (const file of files) hash.update(relative(folder, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Compressed twins of the files that get smaller by it, so that the gateway need not compress. */
function compress(path) {
  for (const entry of readdirSync(path, { recursive: true })) {
    const file = join(path, entry);
    if (!/\.(js|css|html|svg|json)$/.test(file) || statSync(file).size < minCompressedBytes) continue;
    const text = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
    );
  }
}

/** Builds the console when it is stale. Answers false when that failed: the product runs without it. */
export function buildConsole() {
  const wanted = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  console.error('Building the console …');
  // Beside the old one: it takes its place when it is complete.
  const fresh = `${dist}.${process.pid}`;
  const { status, stderr, stdout } = spawnSync(
    node,
    [
      join(folder, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--outDir',
      fresh,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    // Whatever builds it, a test or a start: with another value the build would be one for development.
    { cwd: join(folder, 'console'), encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    console.error(`The console could not be built; all else works.\n${stdout ?? ''}${stderr ?? ''}`);
    return false;
  }
  compress(fresh);
  writeFileSync(join(fresh, '.sources'), wanted);
  replace(fresh);
  return true;
}

/** Puts what was built in the place of what was there. Where another process does so at the same time, that one's stays. */
function replace(fresh) {
  const old = `${fresh}.old`;
  const move = (from, to, unless) => {
    try {
      renameSync(from, to);
    } catch (error) {
      if (!unless.includes(error.code)) throw error;
    }
  };
  move(dist, old, ['ENOENT']);
  move(fresh, dist, ['ENOTEMPTY', 'EEXIST']);
  for (const each of [old, fresh]) rmSync(each, { recursive: true, force: true });
}

if (process.argv[1] === import.meta.filename) process.exit(buildConsole() ? 0 : 1);

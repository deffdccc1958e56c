// Makes dist, the package as it is published: JavaScript and types from the sources, and a package.json that names them.
// In this repository the sources themselves are the package, so that nothing has to be built to work on it.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const dist = process.argv[2] ?? join(folder, 'dist');
const tsc = join(folder, '..', 'node_modules', '.bin', 'tsc');

rmSync(dist, { recursive: true, force: true });
const { status, stdout, stderr } = spawnSync(tsc, ['-p', join(folder, 'tsconfig.build.json'), '--outDir', dist], {
  encoding: 'utf8',
});
if (status !== 0) {
  console.error(`${stdout}${stderr}`);
  process.exit(1);
}
// The compiler leaves the names of files in types as they are.
for (const file of globSync('**/*.d.ts', { cwd: dist })) {
  const text = readFileSync(join(dist, file), 'utf8');
  writeFileSync(join(dist, file), text.replaceAll(/(from '|import\(['"])(\.[^'"]*)\.ts(?=['"])/g, '$1$2.js'));
}
mkdirSync(join(dist, 'generated'), { recursive: true });
cpSync(join(folder, 'generated', 'trusted-documents.json'), join(dist, 'generated', 'trusted-documents.json'));
cpSync(join(folder, 'README.md'), join(dist, 'README.md'));
chmodSync(join(dist, 'cli', 'main.js'), 0o755);

const {
  scripts: _scripts,
  devDependencies: _dev,
  ...manifest
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const compiled = {
  ...manifest,
  bin: { datum: './cli/main.js' },
  exports: { ...manifest.exports, '.': { types: './main.d.ts', default: './main.js' } },
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(compiled, undefined, 2)}\n`);

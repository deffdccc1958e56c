#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';

const folder = import.meta.dirname;
const main = join(folder, 'main.ts');
const packaged = join(folder, '..', '..', 'node_modules', 'node', 'bin', 'node');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // What was compiled once is kept for the next start, which is then several times as quick.
  module.enableCompileCache?.();
  // Node itself does not take the types out of what is installed as a package.
  if (folder.includes('node_modules')) {
    module.registerHooks({
      load(url, context, next) {
        if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
        const source = module.stripTypeScriptTypes(readFileSync(new URL(url), 'utf8'));
        return { format: 'module', source, shortCircuit: true };
      },
    });
  }
  await import(main);
} else if (existsSync(packaged)) {
  const child = spawn(packaged, [import.meta.filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
} else {
  console.error(`The GCP emulator needs Node 24 or newer; this is ${process.version}.`);
  process.exitCode = 1;
}

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** A project of somebody's own, with the package in it as npm would unpack it, and nothing else of ours. */
function install(): { folder: string; packed: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'datum-package-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dist = join(folder, 'dist');
  execFileSync(process.execPath, [join(root, 'sdk', 'build.mjs'), dist]);
  const [answer] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', dist], { encoding: 'utf8', cwd: folder }),
  ) as [{ files: { path: string }[] }];
  const packed = answer.files.map(({ path }) => path);
  const target = join(folder, 'node_modules', '@datum', 'sdk');
  for (const file of packed) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(dist, file), join(target, file));
  }
  symlinkSync(join(root, 'node_modules', 'yaml'), join(folder, 'node_modules', 'yaml'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  return { folder, packed };
}

test(
  'the package that is published has types, runs as JavaScript, and brings its command',
  { timeout: 120_000 },
  () => {
    const { folder, packed } = install();
    expect(packed).toEqual(
      expect.arrayContaining([
        'main.js',
        'main.d.ts',
        'README.md',
        'package.json',
        'cli/main.js',
        'generated/trusted-documents.json',
      ]),
    );
    expect(packed.filter((file) => /(?<!\.d)\.ts$|test|fixture|codegen/.test(file))).toEqual([]);

    writeFileSync(
      join(folder, 'program.mts'),
      `import { createClient, type Workload, workloads } from '@datum/sdk';
     const client = createClient({ url: 'http://127.0.0.1:1', kinds: { workloads }, retry: { attempts: 1 } });
     const read = (): Promise<Workload> => client.workloads.get({ namespace: 'a', name: 'b' });
     // @ts-expect-error This client knows one kind.
     client.networks;
     const wrong: Promise<string> | undefined = undefined;
     await read().catch((error: Error) => console.log(error.name, wrong));`,
    );
    const compiler = [
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2024,dom',
      '--types',
      '',
      'program.mts',
    ];
    execFileSync(join(root, 'node_modules', '.bin', 'tsc'), compiler, { cwd: folder, encoding: 'utf8' });
    expect(execFileSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' })).toBe(
      'ConnectionError undefined\n',
    );
    const command = join(folder, 'node_modules', '@datum', 'sdk', 'cli', 'main.js');
    expect(execFileSync(command, ['help'], { encoding: 'utf8' })).toContain('datum explain-why');
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', '@datum', 'sdk', 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: '@datum/sdk', license: 'Apache-2.0', bin: { datum: './cli/main.js' } });
    expect(manifest).not.toHaveProperty('scripts');
  },
);

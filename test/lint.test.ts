import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Every violation planted in test/fixtures/lint, as `file rule`. */
const planted = [
  'cli/main.ts import(no-default-export)',
  'cli/main.ts typescript(no-explicit-any)',
  'emulators/gcp/start.ts boundaries(dependencies)',
  'gateway/gateway.ts boundaries(dependencies)',
  'gateway/gateway.ts boundaries(dependencies)',
  'kinds/kind.ts boundaries(dependencies)',
  'store/verb.ts boundaries(dependencies)',
  'store/verb.ts eslint(no-restricted-imports)',
  'store/verb.ts node(no-process-env)',
  'subgraphs/core/resolve.ts boundaries(dependencies)',
  'subgraphs/networking/resolve.ts boundaries(dependencies)',
  'workers/clouds/gcp/client.ts boundaries(dependencies)',
  'workers/clouds/gcp/client.ts eslint(no-restricted-imports)',
  'workers/network/reconcile.ts boundaries(dependencies)',
  'workers/subnet/plan.ts import(no-cycle)',
  'workers/subnet/reconcile.ts import(no-cycle)',
];

it('the lint rules find every planted violation and nothing else', () => {
  // The rules' folders are relative to where the linter runs.
  const folder = mkdtempSync(join(tmpdir(), 'datum-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'test', 'fixtures', 'lint'), folder, { recursive: true });
  writeFileSync(
    join(folder, '.oxlintrc.json'),
    readFileSync(join(root, '.oxlintrc.json'), 'utf8').replace('"test/fixtures/**", ', ''),
  );
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  expect(lint(folder)).toEqual(planted);
});

function lint(folder: string): string[] {
  let output: string;
  try {
    output = execFileSync(join(root, 'node_modules', '.bin', 'oxlint'), ['--format', 'json'], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] };
  return diagnostics.map(({ filename, code }) => `${filename} ${code}`).sort();
}

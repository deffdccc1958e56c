import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
const named = [...readme.matchAll(/<!-- (\S+) -->\n```ts\n([^]*?)\n```/g)].map(([, file = '', code = '']) => ({
  file,
  code,
}));

test('every example of the README is, but for where it gets its client, a file that runs', () => {
  expect(named).toHaveLength([...readme.matchAll(/^```ts$/gm)].length);
  for (const { file, code } of named) {
    const lines = readFileSync(join(root, file), 'utf8').replace("import { datum } from './connect.ts';\n", '');
    expect(lines, file).toContain(code);
  }
});

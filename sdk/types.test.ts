import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const tsc = join(import.meta.dirname, '..', 'node_modules', '.bin', 'tsc');

/** What the compiler says to the library and its fixture, with browser types only. */
function compile(): string {
  try {
    return execFileSync(tsc, ['-p', join(import.meta.dirname, 'tsconfig.json')], { encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('the library compiles without the types of Node, and its types accept and refuse what they should', () => {
  expect(compile()).toBe('');
});

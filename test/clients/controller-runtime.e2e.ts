import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { clientOf } from './support/client.ts';
import { findProgram, whyAbsent } from './support/clients.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();
const program = findProgram('controller/controller.test');
// TestCandidate is a process of the election's, not a test.
const tests =
  program === undefined
    ? []
    : execFileSync(program, ['-test.list', '.'], { encoding: 'utf8' })
        .split('\n')
        .filter((name) => name.startsWith('Test') && name !== 'TestCandidate');

it('the controller-runtime manager is here', (context) => {
  context.skip(program === undefined, whyAbsent('controller/controller.test'));
  expect(tests.length).toBeGreaterThan(8);
});

it.each(tests)('controller-runtime: %s', async (name) => {
  const printed = await clientOf(server(), program ?? '').ok(['-test.v', '-test.run', `^${name}$`]);
  expect(printed).toContain(`--- PASS: ${name}`);
});

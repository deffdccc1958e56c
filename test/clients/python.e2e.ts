import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clientOf } from './support/client.ts';
import { findProgram, whyAbsent } from './support/clients.ts';
import { freshNamespace, serverOfFile } from './support/server.ts';

const server = serverOfFile();

it('the Python client writes, patches, applies, watches and deletes', async (context) => {
  const program = findProgram('ansible/python/bin/python');
  context.skip(program === undefined, whyAbsent('ansible/python/bin/python'));
  const namespace = await freshNamespace(server(), 'python-');
  // It is there: the test was skipped otherwise.
  const python = clientOf(server(), program!);
  const printed = await python.ok([join(import.meta.dirname, 'python', 'basics.py'), namespace]);
  expect(printed).toContain('all is as expected');
});

import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { handle } from '../examples/sdk/edge.ts';
import { startProductProcess } from './support/product.ts';

const root = join(import.meta.dirname, '..');

/** What each example prints, so that it is seen to have done what it says. */
const printed: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'first-client': ['first has an MTU of 1460', 'default first Auto', 'now 1400', 'undefined'],
  relations: ['related is in 0 locations'],
  watch: ['ADDED news hello', 'up to here: string', 'MODIFIED news enough'],
  informer: [/ADDED cached undefined -> .*n: '1'/, 'DELETED cached', '0 []'],
  errors: [/spec\.mtu: .*1300/, 'there is no Network wrong', 'CONFLICT the object is at version'],
  wait: [/ready: 10\.128\.0\.0\/9/],
};

test('every example runs on the product', async () => {
  const { ready } = await startProductProcess();
  const env = { PATH: process.env['PATH'], DATUM_URL: ready.graphql ?? '', DATUM_TOKEN: ready.token };
  const files = globSync('examples/sdk/*.ts', { cwd: root }).map((file) => /(\w[\w-]*)\.ts$/.exec(file)?.[1] ?? '');
  expect(files.toSorted()).toEqual([...Object.keys(printed), 'connect', 'edge'].toSorted());
  for (const [name, expected] of Object.entries(printed)) {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'examples', 'sdk', `${name}.ts`)], {
      env,
      cwd: root,
    });
    for (const text of expected) expect(stdout, name).toMatch(text);
  }

  // The edge handler gets what edge runtimes give: a request of the platform's.
  const ask = (name: string): Promise<Response> =>
    handle(
      new Request(`http://edge.example/default/${name}`, { headers: { authorization: `Bearer ${ready.token}` } }),
      {
        url: ready.graphql ?? '',
      },
    );
  const none = await ask('none');
  expect([none.status, await none.text()]).toEqual([404, 'Workload default/none does not exist']);
  await promisify(execFile)(process.execPath, [join(root, 'examples', 'apply-samples.ts')], { env, cwd: root });
  const some = await ask('web');
  expect([some.status, await some.text()]).toEqual([200, expect.stringContaining('{')]);
});

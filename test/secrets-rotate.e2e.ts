import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { dumpDatabase } from './support/dump.ts';
import { ask, eventually } from './support/graphql.ts';
import { startProductProcess, temporaryDataDir } from './support/product.ts';

const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
const create = 'mutation ($input: SecretInput!) { createSecret(input: $input) { userErrors { message } } }';
const read = '{ secrets(namespace: "default") { nodes { data } } }';

async function rotate(env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [main, 'secrets', 'rotate'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}

it('the secret key of a product is changed while it runs', { timeout: 240_000 }, async () => {
  const dataDir = temporaryDataDir();
  const [old, fresh] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  const first = await startProductProcess({ dataDir, env: { DATUM_SECRET_KEY: old } });
  for (let n = 0; n < 5; n += 1)
    await ask(first.ready, create, {
      input: { metadata: { namespace: 'default', name: `s${n}` }, stringData: { v: `value ${n}` } },
    });
  await first.stop();

  const both = { DATUM_SECRET_KEY: `${fresh},${old}` };
  const second = await startProductProcess({ dataDir, env: both });
  const sealedWith = async (): Promise<Set<string | undefined>> => {
    const dump = await dumpDatabase(second.ready.database);
    const tables = ['resource', 'change', 'idempotency', 'signing_key'].map((name) => dump.get(`public.${name}`) ?? '');
    return new Set([...tables.join('\n').matchAll(/enc:v2:([\w-]+):/g)].map(([, id]) => id));
  };
  const [before] = await sealedWith();
  const output = await rotate({ ...both, DATUM_DATA_DIR: dataDir });
  expect(output).toMatch(/objects: 5 read, 5 sealed anew/);
  expect(output).toMatch(/done; the product deletes 1 old data keys/);
  const [after, ...others] = await sealedWith();
  expect(others).toEqual([]);
  expect(after).not.toBe(before);
  const values = Array.from({ length: 6 }, (_, n) => ({ data: { v: Buffer.from(`value ${n}`).toString('base64') } }));
  expect((await ask<any>(second.ready, read)).secrets.nodes).toEqual(values.slice(0, 5));
  // The running product seals with the new key as well.
  await ask(second.ready, create, {
    input: { metadata: { namespace: 'default', name: 's5' }, stringData: { v: 'value 5' } },
  });
  expect(await sealedWith()).toEqual(new Set([after]));
  await second.stop();

  const third = await startProductProcess({ dataDir, env: { DATUM_SECRET_KEY: fresh } });
  expect((await ask<any>(third.ready, read)).secrets.nodes).toEqual(values);
  await eventually(
    () => ask<any>(third.ready, '{ secret(namespace: "default", name: "s5") { history { nodes { verb } } } }'),
    ({ secret }) => secret.history.nodes.length === 1,
  );
  await third.stop();
});

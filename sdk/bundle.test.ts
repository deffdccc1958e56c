import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** A program for browsers, bundled: its code, and its size as it is sent, in bytes. */
async function bundle(program: string): Promise<{ code: string; bytes: number }> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    write: false,
  });
  const [{ text = '' } = {}] = outputFiles;
  return { code: text, bytes: gzipSync(text).length };
}

const maxBytes = 25_000;

test('a client that uses one kind has at most 25 kB, and carries no other', async () => {
  const { bytes, code } = await bundle(`
    import { createClient, workloads } from '@datum/sdk';
    const client = createClient({ url: '/graphql', kinds: { workloads } });
    for await (const event of client.workloads.watch()) console.log(event);
    client.workloads.informer().subscribe(console.log);
    await client.workloads.waitFor({ namespace: 'default', name: 'web' }, 'Ready');
  `);
  expect(bytes).toBeLessThan(maxBytes);
  console.log(`one kind: ${bytes} bytes`);
  expect(code).toContain('compute.datumapis.com');
  for (const other of ['locationClassName', 'ipam', 'roleRef']) expect(code).not.toContain(other);
});

test('a client of all kinds is not much larger', async () => {
  const { bytes, code } = await bundle(`
    import { createDatum } from '@datum/sdk';
    console.log(await createDatum({ url: '/graphql' }).networks.list().all());
  `);
  console.log(`all kinds: ${bytes} bytes`);
  expect(bytes).toBeLessThan(maxBytes);
  expect(code).toContain('locationClassName');
});

test('the library imports nothing of Node and no package', async () => {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: [...builtinModules, 'node:*'],
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ external, path }) => external === true || path.includes('node_modules'))).toEqual([]);
  expect(imports.length).toBeGreaterThan(20);
});

import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { testGateway, testToken } from '../test/support/gateway.ts';

/** What browsers and edge runtimes have, as far as the client uses it. */
const names = [
  'AbortController',
  'AbortSignal',
  'DOMException',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'WebSocket',
  'clearInterval',
  'clearTimeout',
  'crypto',
  'fetch',
  'setInterval',
  'setTimeout',
] as const satisfies readonly (keyof typeof globalThis)[];

const program = `
  import { configMaps, createClient, sse, ValidationError, webSocket } from '@datum/sdk';
  globalThis.run = async (url, token) => {
    const told = [];
    for (const [name, streams] of [['sse', sse], ['web-socket', webSocket()]]) {
      const client = createClient({ url, token: async () => token, kinds: { configMaps }, streams });
      const key = { namespace: 'default', name };
      const events = client.configMaps.watch({ namespace: 'default', fieldSelector: 'metadata.name=' + name });
      await events.next();
      await client.configMaps.create({ metadata: key, data: { n: '1' } });
      await client.configMaps.update(key, { data: { n: '2' } });
      for (let count = 0; count < 2; count += 1) {
        const { value } = await events.next();
        told.push([name, value.type, value.object.data.n].join(' '));
      }
      await events.return();
      for await (const { metadata } of client.configMaps.list({ namespace: 'default' })) told.push(metadata.name);
      await client.configMaps.create({ metadata: { name: 'Not a name', namespace: 'default' } }).catch((error) => {
        told.push(error instanceof ValidationError ? error.problems[0].field : String(error));
      });
      await client.configMaps.delete(key);
      client.close();
    }
    return told.join('; ');
  };`;

test('the client runs where there is nothing but what browsers and edge runtimes have', async () => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    target: 'es2023',
    write: false,
  });
  const context = createContext(Object.fromEntries(names.map((name) => [name, globalThis[name]])));
  expect(runInContext('[typeof process, typeof Buffer, typeof require, typeof global].join()', context)).toBe(
    Array(4).fill('undefined').join(),
  );
  runInContext(outputFiles[0]?.text ?? '', context);
  const { url } = await testGateway();
  const told: unknown = await runInContext(`run(${JSON.stringify(url)}, ${JSON.stringify(testToken)})`, context);
  expect(told).toBe(
    ['sse', 'web-socket'].map((name) => `${name} ADDED 1; ${name} MODIFIED 2; ${name}; metadata.name`).join('; '),
  );
});

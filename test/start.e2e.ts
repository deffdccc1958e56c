import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, eventually } from './support/graphql.ts';
import { runToEnd, startProductProcess, temporaryDataDir } from './support/product.ts';

describe('start and stop', () => {
  it('announces itself, seeds two namespaces and nothing else, and carries on after a restart', async () => {
    const first = await startProductProcess();
    expect(first.ready.pid).toBe(first.process.pid);
    expect(first.ready.graphql).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    expect(first.ready.kubernetes).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(first.ready.kubeconfig).toBe(join(first.dataDir, 'kubeconfig'));
    for (const file of ['ready.json', 'kubeconfig', 'tls/ca.key', 'tls/server.key'])
      expect(statSync(join(first.dataDir, file)).mode & 0o777, file).toBe(0o600);
    expect(statSync(join(first.dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    const read = `{ namespaces { nodes { metadata { name uid } status { phase } } } networks { nodes { id } } }`;
    const before = await ask<{ namespaces: { nodes: { metadata: { name: string } }[] } }>(first.ready, read);
    expect(before.namespaces.nodes.map(({ metadata }) => metadata.name)).toEqual(['default', 'kube-system']);
    const start = Date.now();
    expect(await first.stop()).toBe(0);
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(existsSync(join(first.dataDir, 'ready.json'))).toBe(false);

    const second = await startProductProcess({ dataDir: first.dataDir });
    expect(second.ready.token).toBe(first.ready.token);
    expect(await ask(second.ready, read)).toEqual(before);
  });

  it('recovers from kill -9 of everything', async () => {
    const first = await startProductProcess();
    await ask(
      first.ready,
      `mutation { createConfigMap(input: {metadata: {name: "a", namespace: "default"}, data: {k: "v"}}) { userErrors { message } } }`,
    );
    await first.stop('SIGKILL');
    const second = await startProductProcess({ dataDir: first.dataDir });
    expect(await ask(second.ready, `{ configMap(namespace: "default", name: "a") { data } }`)).toEqual({
      configMap: { data: { k: 'v' } },
    });
  });

  it('refuses a taken port in one line', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    for (const setting of ['DATUM_PORT', 'DATUM_GCP_PORT', 'DATUM_GCP_CONTROL_PORT']) {
      const { code, output } = await runToEnd({ env: { [setting]: String(port) } });
      expect(code).toBe(1);
      expect(output.trim().split('\n')).toHaveLength(1);
      expect(output).toContain(`port ${port} is taken`);
      expect(output).toContain(setting);
    }
  });

  it('refuses a data directory that is in use, or not ours', async () => {
    const product = await startProductProcess();
    const second = await runToEnd({ dataDir: product.dataDir });
    expect(second).toMatchObject({
      code: 1,
      output: expect.stringContaining(`in use by process ${product.process.pid}`),
    });
    expect(JSON.parse(readFileSync(join(product.dataDir, 'ready.json'), 'utf8'))).toEqual(product.ready);
    const foreign = temporaryDataDir();
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, 'thesis.doc'), '');
    expect(await runToEnd({ dataDir: foreign })).toMatchObject({
      code: 1,
      output: expect.stringContaining('not ours'),
    });
  });

  it('says which setting is wrong', async () => {
    expect(await runToEnd({ env: { DATUM_PORT: 'http' } })).toMatchObject({
      code: 1,
      output: expect.stringContaining('DATUM_PORT'),
    });
    expect(await runToEnd({ env: { DATUM_ROLES: 'gateway,cook' } })).toMatchObject({
      code: 1,
      output: expect.stringContaining('DATUM_ROLES'),
    });
    const unreachable = await runToEnd({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' } });
    expect(unreachable).toMatchObject({ code: 1, output: expect.stringContaining('the database cannot be used') });
    expect(unreachable.output.trim().split('\n')).toHaveLength(1);
  });

  it('ends with one clear line when its Postgres is lost', async () => {
    const product = await startProductProcess();
    const pid = Number(
      readFileSync(join(product.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 'SIGKILL');
    await eventually(
      async () => product.process.exitCode,
      (code) => code !== null,
    );
    expect(product.process.exitCode).toBe(1);
    expect(product.output()).toContain('datum: embedded Postgres ended');
  });
});

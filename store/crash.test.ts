import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '../cli/embedded-postgres.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { asAdmin } from '../test/support/store.ts';
import { seeded, testScale } from '../test/support/scale.ts';
import { migrate } from './migrate.ts';
import { localKeys } from './encryption/local-keys.ts';
import { openStore } from './store.ts';

it('a Postgres that is killed loses nothing that anyone was told', async () => {
  const random = seeded('crash');
  const folder = await mkdtemp(join(tmpdir(), 'datum-crash-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const rounds = Math.max(2, Math.round(10 * testScale));
  const keys = [localKeys([randomBytes(32)])];
  const promised = new Map<string, string>();
  const told = new Map<bigint, string>();
  let lost = 0;

  for (let round = 0; round <= rounds; round += 1) {
    const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
    await migrate(postgres.url);
    const { store, pool, close } = await openStore({ url: postgres.url, findKind: builtInRegistry().byId, keys });
    if (round === 0) await store.create(asAdmin, 'Namespace', { metadata: { name: 'default' } });
    const stored = new Map(
      (await store.list(asAdmin, 'ConfigMap')).items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
    );
    for (const [name, revision] of promised) if (stored.get(name) !== revision) lost += 1;
    const { rows } = await pool.query<{ revision: string; name: string }>('select revision, name from change');
    const logged = new Map(rows.map(({ revision, name }) => [BigInt(revision), name]));
    for (const [revision, name] of told) if (logged.get(revision) !== name) lost += 1;
    if (round === rounds) {
      await close();
      await postgres.stop();
      break;
    }

    const abort = new AbortController();
    const watching = (async () => {
      for await (const event of store.watch(asAdmin, 'ConfigMap', {
        from: await store.revision(),
        signal: abort.signal,
      })) {
        if (event.type !== 'BOOKMARK') told.set(event.revision, event.object.metadata.name);
      }
    })();
    let killed = false;
    const writing = Array.from({ length: 16 }, async (_, writer) => {
      for (let n = 0; !killed; n += 1) {
        const name = `c-${round}-${writer}-${n}`;
        await store.create(asAdmin, 'ConfigMap', { metadata: { name, namespace: 'default' } }).then(
          ({ object }) => promised.set(name, object.metadata.resourceVersion),
          () => {},
        );
      }
    });
    await sleep(150 + 250 * random());
    const pid = Number((await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    killed = true;
    await Promise.all(writing);
    abort.abort();
    await watching;
    await close();
  }
  expect(promised.size).toBeGreaterThan(rounds * 16);
  expect(told.size).toBeGreaterThan(rounds * 16);
  expect(lost).toBe(0);
});

import type { Page } from 'playwright-core';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { compact } from '../../store/compact.ts';
import { cuttingProxy } from '../clients/support/cutting-proxy.ts';
import { ask, eventually } from '../support/graphql.ts';
import { makeConfigMaps } from '../support/many-config-maps.ts';
import { seeded, sized, testSeed } from '../support/scale.ts';
import { expectNoComplaints, openDesk } from './browser.ts';

/** One a second for an hour, by the clock of the pages. */
const cuts = sized(3_600, { full: 120, quick: 20 });
/** The longest that a page waits before it tries again, in virtual seconds, and a little. */
const patienceSecs = 12;
/** More than the console reads whole: what it shows is a window on the list. */
const others = 1_200;
const names = Array.from({ length: 30 }, (_, at) => `churn-${String(at).padStart(2, '0')}`);

interface State {
  readonly configMaps: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly metadata: { readonly name: string } }[];
  };
  readonly news: { readonly data: { readonly text: string } };
}

const fresh = `{
  configMaps(namespace: "default", first: ${names.length}) { totalCount nodes { metadata { name } } }
  news: configMap(namespace: "default", name: "news") { data }
}`;

/** What a list shows: how many there are, and the first of them. */
async function shown(list: Page): Promise<{ readonly total: number; readonly first: readonly string[] }> {
  return list.evaluate(`({
    total: Number(document.querySelector('.data-table').getAttribute('aria-rowcount')) - 1,
    first: [...document.querySelectorAll('.data-body [aria-rowindex]')]
      .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))
      .slice(0, ${names.length})
      .map((row) => row.querySelector('a')?.textContent ?? ''),
  })`);
}

it(`after ${cuts} disconnects, and lost histories, pages show what a fresh list gives (seed ${testSeed})`, async (context) => {
  const desk = await openDesk(context, { env: { DATUM_ROLES: 'gateway,subgraph,kubernetes' } });
  const { ready } = desk.product;
  const random = seeded('console disconnects');
  const port = Number(new URL(ready.console ?? '').port);
  let isDown = false;
  // Where nobody listens, while it is down.
  const proxy = await cuttingProxy(() => (isDown ? 1 : port));
  onTestFinished(() => proxy.close());
  await makeConfigMaps(ready, others);
  let text = 'text 0 of all.';
  const put = async (): Promise<unknown> =>
    ask(
      ready,
      'mutation ($data: MapPatch) { applyConfigMap(namespace: "default", name: "news", input: {data: $data}, force: true) { userErrors { message } } }',
      { data: { text } },
    );
  await put();

  const window = await desk.newContext({ viewport: { width: 1440, height: 1_800 } });
  await window.addInitScript(
    `if (location.origin !== 'null') sessionStorage.setItem('datum-token', ${JSON.stringify(ready.token)})`,
  );
  const [list, object] = [await window.newPage(), await window.newPage()];
  // What the pages wait before they try again would take hours: their clock is turned on by hand while they are away.
  for (const page of [list, object]) await page.clock.install();
  const origin = `http://127.0.0.1:${proxy.port}`;
  await list.goto(`${origin}/resources/configmaps`);
  await object.goto(`${origin}/resources/configmaps/default/news`);
  await list.getByRole('link', { name: 'item-0', exact: true }).waitFor();

  async function showsAll(): Promise<void> {
    await Promise.all([list, object].map(async (page) => isLive(page)));
    const { configMaps, news } = await ask<State>(ready, fresh);
    const wanted = { total: configMaps.totalCount, first: configMaps.nodes.map(({ metadata }) => metadata.name) };
    const now = await eventually(
      () => shown(list),
      (state) => JSON.stringify(state) === JSON.stringify(wanted),
      300_000,
    ).catch(() => shown(list));
    expect(now).toEqual(wanted);
    await object.getByText(news.data.text, { exact: true }).waitFor({ timeout: 300_000 });
  }

  const there = new Set<string>();
  async function change(): Promise<void> {
    const name = names[Math.floor(random() * names.length)] ?? '';
    const verb = there.has(name) ? 'delete' : 'create';
    const args =
      verb === 'create'
        ? `input: {metadata: {namespace: "default", name: "${name}"}}`
        : `namespace: "default", name: "${name}"`;
    await ask(ready, `mutation { ${verb}ConfigMap(${args}) { userErrors { message } } }`);
    if (!there.delete(name)) there.add(name);
  }

  for (let cut = 1; cut <= cuts; cut += 1) {
    for (let left = Math.floor(random() * 4); left > 0; left -= 1) await change();
    isDown = random() < 0.5;
    // All at once, or some of them: whoever is cut off comes back by itself.
    proxy.cut(random() < 0.5 ? undefined : () => random() < 0.5);
    for (let left = Math.floor(random() * 4); left > 0; left -= 1) await change();
    if (random() < 0.3) {
      text = `text ${cut} of all.`;
      await put();
    }
    if (isDown && random() < 0.2) await forget(ready.database);
    isDown = false;
    // Most come back before the next; some are cut off on the way.
    if (random() < 0.8) await Promise.all([list, object].map(async (page) => isLive(page)));
    if (cut % 20 === 0) await showsAll();
    // At full size this takes an hour.
    if (cut % 200 === 0) console.log(`${cut} of ${cuts} disconnects`);
  }
  await showsAll();
  expectNoComplaints(desk);
}, 7_200_000);

/** Lets virtual seconds pass until a page says that it is live, and real ones where the machine is slow. */
async function isLive(page: Page): Promise<void> {
  const live = page.locator('.live-badge').getByText('Live', { exact: true });
  for (let secs = 0; secs < patienceSecs && !(await live.isVisible()); secs += 1) await page.clock.fastForward(1_000);
  await live.waitFor({ timeout: 300_000 });
}

/** Lets the product forget all that happened. */
async function forget(database: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: database, max: 1 });
  pool.on('error', () => {});
  try {
    await compact(pool, { keepMs: 0, maxRows: 0 });
  } finally {
    await pool.end();
  }
}

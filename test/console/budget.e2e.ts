import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ask } from '../support/graphql.ts';
import { makeConfigMaps } from '../support/many-config-maps.ts';
import { changeRouteMs, firstRowsMs, nowMs, shownAtMs, watchTexts } from '../support/page-times.ts';
import { expectNoComplaints, openDesk } from './browser.ts';

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'console', 'dist');
/** What a browser loads before anything shows, in bytes, compressed. */
const maxInitialBytes = 350 * 1024;
/** From an address to something useful, nothing cached. */
const maxFirstMs = 1_500;
/** From a click to a page that was looked at before. */
const maxRouteMs = 100;
/** From a change by others to two tabs. */
const maxChangeMs = 500;
const rounds = 12;
/** What `work` takes on the hardware that these times are for, when nothing else runs. */
const workMs = 15;

/** Some work of the kind that pages do; ends with how long it took, in ms. */
const work = `(() => {
  const start = performance.now();
  const rows = Array.from({ length: 2_000 }, (_, at) => ({ name: 'item-' + at, labels: { tenth: String(at % 10) } }));
  for (let times = 0; times < 10; times += 1) JSON.parse(JSON.stringify(rows)).sort((a, b) => (a.name < b.name ? 1 : -1));
  return performance.now() - start;
})()`;

it('scripts that load first are small', () => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build-console.mjs')], { stdio: 'inherit' });
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '');
  expect(files.length).toBeGreaterThan(0);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
  console.log(`${Math.round(bytes / 1024)} kB of scripts load first, compressed`);
  expect(bytes).toBeLessThan(maxInitialBytes);
});

/**
 * Measures a few times, and holds a good one of them against what is allowed, as much longer as this machine is slower at that
 * time: other tests run beside. What most people see most of the time says `npm run bench console`.
 */
async function expectWithin(what: string, page: Page, maxMs: number, measure: (round: number) => Promise<number>) {
  const parts: number[] = [];
  const took: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await page.evaluate<number>(work);
    const ms = await measure(round);
    const slower = Math.max(1, (before + (await page.evaluate<number>(work))) / 2 / workMs);
    parts.push(ms / slower / maxMs);
    took.push(`${Math.round(ms)} (÷ ${slower.toFixed(1)})`);
  }
  console.log(`${what}, ms: ${took.join(', ')}; at most ${maxMs}`);
  // The quarter that was disturbed least.
  expect(parts.toSorted((a, b) => a - b)[rounds / 4 - 1], `${what}: ${took.join(', ')}`).toBeLessThan(1);
}

it('pages come as soon as they should, and changes too', async (context) => {
  const desk = await openDesk(context, { env: { DATUM_ROLES: 'gateway,subgraph,kubernetes' } });
  const { page, product } = desk;
  const { ready } = product;
  await makeConfigMaps(ready, 1_200);
  const at = (path: string): string => new URL(path, ready.console ?? '').href;
  const list = at('/resources/configmaps');
  await expectWithin('first useful picture, nothing cached', page, maxFirstMs, async () => {
    const window = await desk.newContext();
    await window.addInitScript(
      `if (location.origin !== 'null') sessionStorage.setItem('datum-token', ${JSON.stringify(ready.token)})`,
    );
    const ms = await firstRowsMs(await window.newPage(), list);
    await window.close();
    return ms;
  });
  await page.goto(list);
  await page.getByRole('link', { name: 'item-0', exact: true }).waitFor();
  await expectWithin('another page, from the cache', page, maxRouteMs, async () => changeRouteMs(page));

  const put = async (text: string): Promise<unknown> =>
    ask(
      ready,
      'mutation ($data: MapPatch) { applyConfigMap(namespace: "default", name: "news", input: {data: $data}, force: true) { userErrors { message } } }',
      { data: { text } },
    );
  await put('first');
  const tabs = [
    await desk.open('/resources/configmaps/default/news'),
    await desk.open('/resources/configmaps/default/news'),
  ];
  for (const tab of tabs) {
    await tab.getByText('first').waitFor();
    await watchTexts(tab);
  }
  await expectWithin('a change by another, in two tabs', page, maxChangeMs, async (round) => {
    const start = nowMs();
    await put(`change g${round}.`);
    return (await shownAtMs(tabs, `change g${round}.`)) - start;
  });
  expectNoComplaints(desk);
}, 1_800_000);

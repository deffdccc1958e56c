import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { type Server, startServer, stopServer } from '../../test/clients/support/server.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { ask } from '../../test/support/graphql.ts';
import { makeConfigMaps } from '../../test/support/many-config-maps.ts';
import { changeRouteMs, firstRowsMs, nowMs, shownAtMs, watchTexts } from '../../test/support/page-times.ts';
import { percentile, row, type Row } from '../support/row.ts';

/** The real one, as people have it. */
const program = 'kubectl';
const objects = 10_000;
const loads = 20;
const changes = 100;
const root = join(import.meta.dirname, '..', '..');

/** What people wait for in the web console: Debian's Chromium in front of the running product. */
export async function measure(): Promise<Row[]> {
  execFileSync(process.execPath, [join(root, 'scripts', 'build-console.mjs')]);
  const server = await startServer();
  const browser = await launchChromium();
  try {
    return [...(await live(server, browser)), ...(await paints(server, browser))];
  } finally {
    await browser.close();
    await stopServer(server);
  }
}

/** A window whose tabs are signed in. */
async function openWindow({ ready }: Server, browser: Browser): Promise<BrowserContext> {
  const window = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await window.addInitScript(
    `if (location.origin !== 'null') sessionStorage.setItem('datum-token', ${JSON.stringify(ready.token)})`,
  );
  return window;
}

const urlOf = ({ ready }: Server, path: string): string => new URL(path, ready.console ?? '').href;

/** From a change by others to two tabs: by GraphQL from when it was sent, by kubectl from its end. */
async function live(server: Server, browser: Browser): Promise<Row[]> {
  const put = async (text: string): Promise<unknown> =>
    ask(
      server.ready,
      `mutation ($data: MapPatch) { applyConfigMap(namespace: "default", name: "news", input: {data: $data}, fieldManager: "bench", force: true) { userErrors { message } } }`,
      { data: { text } },
    );
  const kubectl = async (text: string): Promise<unknown> =>
    promisify(execFile)(program, [
      'patch',
      'configmap',
      'news',
      '-n',
      'default',
      '--type=merge',
      '-p',
      JSON.stringify({ data: { text } }),
      `--kubeconfig=${server.kubeconfig}`,
    ]);
  await put('first');
  const window = await openWindow(server, browser);
  const tabs = [await window.newPage(), await window.newPage()];
  for (const tab of tabs) {
    await tab.goto(urlOf(server, '/resources/configmaps/default/news'));
    await tab.getByText('first').waitFor();
    await watchTexts(tab);
  }
  const sent: number[] = [];
  const ended: number[] = [];
  for (let round = 0; round < changes; round += 1) {
    const start = nowMs();
    await put(`change g${round}.`);
    sent.push((await shownAtMs(tabs, `change g${round}.`)) - start);
    await kubectl(`change k${round}.`);
    const end = nowMs();
    ended.push(Math.max(0, (await shownAtMs(tabs, `change k${round}.`)) - end));
  }
  await window.close();
  return [
    row('GraphQL change sent → drawn in two tabs, p95', percentile(sent, 0.95), 'ms', { atMost: 500 }),
    row('kubectl done → drawn in two tabs, p95', percentile(ended, 0.95), 'ms', { atMost: 500 }),
  ];
}

async function paints(server: Server, browser: Browser): Promise<Row[]> {
  await makeConfigMaps(server.ready, objects);
  const window = await openWindow(server, browser);
  const list = urlOf(server, '/resources/configmaps');
  const useful: number[] = [];
  for (let round = 0; round < loads; round += 1) {
    const fresh = await openWindow(server, browser);
    const page = await fresh.newPage();
    useful.push(await firstRowsMs(page, list));
    await fresh.close();
  }
  const page = await window.newPage();
  await page.goto(list);
  await page.getByRole('link', { name: 'item-0', exact: true }).waitFor();
  const routes: number[] = [];
  for (let round = 0; round < loads; round += 1) routes.push(await changeRouteMs(page));
  const frames = await page.evaluate<number[]>(scroll);
  const search = page.getByRole('searchbox', { name: 'Filter by text' });
  const start = nowMs();
  await search.fill(`item-${objects - 1}`);
  await page.getByRole('link', { name: `item-${objects - 1}`, exact: true }).waitFor();
  const foundMs = nowMs() - start;
  await window.close();
  return [
    row(`first rows of ${objects}, nothing cached, p95`, percentile(useful, 0.95), 'ms', { atMost: 1_500 }),
    row('another page from the cache, p95', percentile(routes, 0.95), 'ms', { atMost: 100 }),
    row(`picture while scrolling through ${objects} rows, p95`, percentile(frames, 0.95), 'ms', { atMost: 50 }),
    row(`text typed → found among ${objects}, rest of typing included`, foundMs, 'ms', { atMost: 1_500 }),
  ];
}

/** Scrolls from top to bottom as pages come; answers how long each picture took, in ms. */
const scroll = `new Promise((resolve) => {
  const table = document.querySelector('.data-table');
  const frames = [];
  let step = 0, last = performance.nowMs();
  requestAnimationFrame(function next(at) {
    frames.push(at - last);
    last = at;
    table.scrollTop += 600;
    step += 1;
    if (step > 300) resolve(frames);
    else requestAnimationFrame(next);
  });
})`;

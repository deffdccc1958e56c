import type { Page } from 'playwright-core';

/** Time of this machine, by the same clock in every process, in ms since 1970. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Notes when each text such as `change g7.` came to be on the page: it is drawn with the next picture. */
const noteTexts = `(() => {
  const seen = (window.seen = {});
  new MutationObserver(() => {
    const [text] = /change [gk]\\d+[.]/.exec(document.querySelector('main').textContent) ?? [];
    if (text !== undefined) seen[text] ??= performance.timeOrigin + performance.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

/** Begins to note on a page when texts come. */
export async function watchTexts(page: Page): Promise<void> {
  await page.evaluate(noteTexts);
}

/** When all tabs have drawn a text, by `nowMs`. */
export async function shownAtMs(tabs: readonly Page[], text: string): Promise<number> {
  const seen = `window.seen[${JSON.stringify(text)}]`;
  const times = await Promise.all(
    tabs.map(async (tab) =>
      tab.evaluate<number>(
        `new Promise((resolve) => (function look() { ${seen} ? resolve(${seen}) : setTimeout(look, 5); })())`,
      ),
    ),
  );
  return Math.max(...times);
}

/** Ends with the time at which a condition of the page held and was drawn, in ms since `start`. */
const drawn = (condition: string, start: string): string => `new Promise((resolve) => {
  const start = ${start};
  (function look() {
    if (${condition}) resolve(performance.now() - start);
    else requestAnimationFrame(look);
  })();
})`;
const firstRow = `document.querySelector('main [role="cell"] a')?.textContent === 'item-0'`;

/** From an address to the first rows of the list of config maps that is there, in ms. */
export async function firstRowsMs(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  return page.evaluate<number>(drawn(firstRow, '0'));
}

/** From a click to the rows of that list, which was looked at before, in ms; the page is on another one. */
export async function changeRouteMs(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Locations', exact: true }).click();
  await page.getByRole('heading', { name: 'Locations', level: 1 }).waitFor();
  const click = `(document.querySelector('a[href="/resources/configmaps"]').click(), performance.now())`;
  return page.evaluate<number>(drawn(firstRow, click));
}

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violations } from './accessible.ts';
import { picture } from './browser.ts';

/** Ends when the next picture is drawn and nothing moves any more. */
const settled = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => resolve());
})))`;

/** What axe finds on a page in both themes; a picture of each is there to look at. */
export async function foundOn(page: Page, name: string): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`[data-theme="${colorScheme}"]`).waitFor();
    // Colours that are on their way from one theme to the other are in neither.
    await page.evaluate(settled);
    for (const found of await violations(page)) all.push(`${name} ${colorScheme}: ${found}`);
    await page.screenshot({ path: picture(`${name}-${colorScheme}`) });
  }
  return all;
}

/** Looks at a page in both themes: axe finds nothing. */
export async function lookAt(page: Page, name: string): Promise<void> {
  expect(await foundOn(page, name)).toEqual([]);
}

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ask } from '../support/graphql.ts';
import { expectNoComplaints, openDesk } from './browser.ts';

/** More stops than any page has before what is looked for. */
const maxStops = 120;

/** Goes on by Tab until what has the focus says so. */
async function tabTo(page: Page, text: RegExp): Promise<void> {
  for (let stop = 0; stop < maxStops; stop += 1) {
    const focused = await page.evaluate<string>(
      `(() => { const at = document.activeElement; return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? ''; })()`,
    );
    if (text.test(focused.trim())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(text)}`);
}

/** Chooses in the command palette. */
async function choose(page: Page, typed: string, option: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to or do' }).waitFor();
  await page.keyboard.type(typed);
  await page.getByRole('option', { name: option }).first().waitFor();
  await page.keyboard.press('Enter');
}

it('a network is made, changed and deleted by keyboard alone', async (context) => {
  const desk = await openDesk(context);
  const { page, product } = desk;
  await choose(page, 'create network', /^Create Network\b/);
  await page.getByRole('heading', { name: 'New network', level: 1 }).waitFor();
  // The name has the focus already.
  await page.keyboard.type('keys');
  await page.getByText('The server would take it').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, /^Create$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'keys', level: 1 }).waitFor();

  await tabTo(page, /^Edit$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Edit keys', level: 1 }).waitFor();
  await tabTo(page, /^MTU$/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('1400');
  await page.getByText('The server would take it').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('region', { name: 'What would change' }).getByText('+  mtu: 1400').waitFor();
  await tabTo(page, /^Apply$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'keys', level: 1 }).waitFor();
  expect(await ask(product.ready, '{ network(namespace: "default", name: "keys") { spec { mtu } } }')).toEqual({
    network: { spec: { mtu: 1400 } },
  });

  // To the list and back by its rows.
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor();
  await tabTo(page, /^Networks$/);
  await page.getByRole('table').waitFor();
  await tabTo(page, /^keys$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'keys', level: 1 }).waitFor();
  await tabTo(page, /^Delete$/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('It owns nothing').waitFor();
  await tabTo(page, /^Delete$/);
  await page.keyboard.press('Enter');
  await page.getByText('The network default/keys was deleted').waitFor({ timeout: 300_000 });
  expectNoComplaints(desk);
}, 1_800_000);

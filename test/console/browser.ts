import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished, type TestContext } from 'vitest';
import type { Ready } from '../../cli/ready-file.ts';
import { executablePath, launchChromium } from '../support/chromium.ts';
import { type ProductOptions, type ProductProcess, startProductProcess } from '../support/product.ts';

const root = join(import.meta.dirname, '..', '..');
/** Pictures of pages, for people to look at. */
const pictures = join(root, '.cache', 'console');

/** The product with its console, and a browser in front of it. */
export interface Desk {
  readonly product: ProductProcess;
  /** A page that is signed in. */
  readonly page: Page;
  /** What the browser complained about: errors of scripts, what the content security policy refused. */
  readonly complaints: string[];
  /** Another tab of the same browser. */
  open(path: string): Promise<Page>;
  newContext(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>;
}

export interface DeskOptions extends ProductOptions {
  readonly colorScheme?: 'light' | 'dark';
}

let built = false;

/** Starts the product, a browser, and signs in. Skips the test where there is no browser. */
export async function openDesk(context: TestContext, options: DeskOptions = {}): Promise<Desk> {
  context.skip(!existsSync(executablePath), `there is no browser: ${executablePath} (apt-get install chromium)`);
  if (!built) execFileSync(process.execPath, [join(root, 'scripts', 'build-console.mjs')], { stdio: 'inherit' });
  built = true;
  const product = await startProductProcess(options);
  const browser = await launchChromium();
  const complaints: string[] = [];
  const newContext: Desk['newContext'] = async (given) => {
    const made = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: options.colorScheme ?? 'light',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...given,
    });
    made.setDefaultTimeout(180_000);
    made.on('page', (page) => listen(page, complaints));
    return made;
  };
  const window = await newContext();
  const page = await window.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await page.screenshot({ path: picture('failed') }).catch(() => {});
    await browser.close();
  });
  await page.goto(product.ready.console ?? '');
  await signIn(page, product.ready);
  const token = await page.evaluate<string>(`sessionStorage.getItem('datum-token')`);
  // A tab that is opened by hand has to sign in anew; here that would be in the way.
  await window.addInitScript(
    `if (location.origin !== 'null') sessionStorage.setItem('datum-token', ${JSON.stringify(token)})`,
  );
  return {
    product,
    page,
    complaints,
    newContext,
    async open(path) {
      const tab = await window.newPage();
      await go(tab, product.ready, path);
      return tab;
    },
  };
}

/** Signs in with the product's token. */
export async function signIn(page: Page, ready: Pick<Ready, 'token'>): Promise<void> {
  await page.getByLabel('Token').fill(ready.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Goes to a path of the console. */
export async function go(page: Page, ready: Pick<Ready, 'console'>, path: string): Promise<void> {
  await page.goto(new URL(path, ready.console ?? '').href);
}

/** File for a picture of a page. */
export function picture(name: string): string {
  mkdirSync(pictures, { recursive: true });
  return join(pictures, `${name}.png`);
}

/** Nothing in the browser went wrong. */
export function expectNoComplaints({ complaints }: Desk): void {
  expect(complaints).toEqual([]);
}

/** A connection that is gone while the server restarts is no fault of the console. */
const ofNetwork = /ERR_CONNECTION|WebSocket connection|Failed to load resource/;

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => void complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !ofNetwork.test(message.text())) complaints.push(message.text());
  });
}

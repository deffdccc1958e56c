import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { expectNoComplaints, go, openDesk } from './browser.ts';
import { lookAt } from './look-at.ts';

const manifest = (mtu: number): string => `apiVersion: networking.datumapis.com/v1alpha
kind: Network
metadata:
  name: written
  namespace: default
spec:
  ipam:
    mode: Auto
  mtu: ${mtu}
`;

it('what is written as YAML is in the form beside it, and the other way round; what it became is copied and told', async (context) => {
  const desk = await openDesk(context);
  const { page, product } = desk;
  await go(page, product.ready, '/create/networks');
  const yaml = page.getByRole('textbox', { name: 'YAML' });
  // As people bring what they have elsewhere.
  const paste = async (text: string): Promise<void> => {
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await yaml.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+v');
  };
  const mtu = page.getByRole('textbox', { name: 'MTU' });
  await paste(manifest(5));
  await expect.poll(() => mtu.inputValue()).toBe('5');
  // What the server says of it stands in both.
  await page.locator('#field-spec\\.mtu-problems').getByText(/1300/).waitFor();
  await paste('spec: [');
  await page.getByText('Not valid YAML').waitFor();
  await paste(manifest(1450));
  await page.getByText('The server would take it').waitFor();
  await mtu.fill('1400');
  await expect.poll(() => yaml.innerText()).toContain('mtu: 1400');
  await page.getByRole('button', { name: 'Review and create' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name: 'written', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'Copy as' }).click();
  await page.getByRole('menuitem', { name: 'curl' }).click();
  await page.getByText('Copied as curl').waitFor();
  const curl = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(curl, 'no token is copied').not.toContain(product.ready.token);
  // Where the product was started, as it says.
  const folder = mkdtempSync(join(tmpdir(), 'datum-curl-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(product.dataDir, join(folder, '.datum'));
  const { stdout } = await promisify(execFile)('bash', ['-c', curl], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ data: { network: { spec: { mtu: 1400 } } } });

  // Everybody's changes, the latest first, field by field.
  await go(page, product.ready, '/edit/networks/default/written');
  await mtu.fill('1450');
  await page.getByRole('button', { name: 'Review and apply' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('heading', { name: 'written', level: 1 }).waitFor();
  await go(page, product.ready, '/activity?kind=Network');
  // The audit follows what is written.
  const told = async (): Promise<number> => {
    await page.reload();
    await page.getByText(/^(Latest first|Nothing happened)$/).waitFor();
    return page.getByText('spec.mtu').count();
  };
  await expect.poll(told, { timeout: 180_000 }).toBeGreaterThan(0);
  await page.locator('del').getByText('1400').first().waitFor();
  await page.locator('ins').getByText('1450').first().waitFor();
  await lookAt(page, 'activity-of-kind');
  expectNoComplaints(desk);
}, 1_800_000);

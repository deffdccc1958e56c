import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { cloudState, isEmpty } from '../support/cloud.ts';
import { ask, eventually } from '../support/graphql.ts';
import { type Desk, expectNoComplaints, go, openDesk } from './browser.ts';
import { lookAt } from './look-at.ts';

/** Machines and the like take the emulator a moment. */
const readyMs = 300_000;

/** Makes an object of what the form says now. */
async function create(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review and create' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function createLocation({ page, product }: Desk): Promise<void> {
  await go(page, product.ready, '/create/locations');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('gcp-us-south1-a');
  await page.getByLabel('Location class name').selectOption('self-managed');
  const key = page.getByLabel('New key of Topology');
  await key.fill('topology.datum.net/city-code');
  await key.press('Enter');
  // The new value has the focus.
  await page.keyboard.type('DFW');
  await page.getByRole('textbox', { name: 'Project ID' }).fill('acme-edge');
  await page.getByRole('textbox', { name: 'Region' }).fill('us-south1');
  await page.getByRole('textbox', { name: 'Zone' }).fill('us-south1-a');
  await create(page);
  await page.getByRole('heading', { name: 'gcp-us-south1-a', level: 1 }).waitFor();
}

describe('the console', () => {
  it('makes a network and machines by form, changes and deletes them, and shows all of it live', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    await page.getByText('Nothing is declared yet').waitFor();
    await lookAt(page, 'first-steps');
    await createLocation(desk);

    // What the form lacks is said where it is lacking, in the server's words.
    await go(page, product.ready, '/create/networks');
    await page.getByText('Required value: name or generateName is required').waitFor();
    expect(await page.getByRole('button', { name: 'Review and create' }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('default');
    await page.getByRole('textbox', { name: 'MTU' }).fill('5');
    await page.locator('#field-spec\\.mtu-problems').getByText(/1300/).waitFor();
    await page.getByRole('textbox', { name: 'MTU' }).fill('1400');
    await create(page);
    await page.getByRole('heading', { name: 'default', level: 1 }).waitFor();

    await go(page, product.ready, '/create/workloads');
    await page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('web');
    await create(page);
    await page.getByRole('heading', { name: 'web', level: 1 }).waitFor();
    // Nobody loads the page again.
    await page.getByText('Its instance is ready in 1 city.').waitFor({ timeout: readyMs });
    await page.getByRole('region', { name: 'Instances' }).getByRole('link', { name: /^web-/ }).waitFor();
    await lookAt(page, 'workload-ready');

    // What is copied does the same elsewhere.
    await page.getByRole('button', { name: 'Copy as' }).click();
    await page.getByRole('menuitem', { name: 'GraphQL' }).click();
    await page.getByText('Copied as GraphQL').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(await ask(product.ready, copied, { namespace: 'default', name: 'web' })).toMatchObject({
      workload: { metadata: { name: 'web' }, spec: { placements: [{ cityCodes: ['DFW'] }] } },
    });

    // One more, with the change shown before it is made.
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Min replicas' }).fill('3');
    await page.getByText('The server would take it').waitFor();
    await page.getByRole('button', { name: 'Review and apply' }).click();
    const change = page.getByRole('region', { name: 'What would change' });
    await change.getByText('+        minReplicas: 3').waitFor();
    await lookAt(page, 'review');
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText('All 3 instances are ready in 1 city.').waitFor({ timeout: readyMs });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('spec.placements[name=default].scaleSettings.minReplicas').waitFor();
    await lookAt(page, 'history');

    // Deleting says what goes along.
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 Instance', { exact: false }).waitFor();
    await dialog.getByText('1 WorkloadDeployment', { exact: false }).waitFor();
    await lookAt(page, 'delete');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('The workload default/web was deleted').waitFor({ timeout: readyMs });
    await go(page, product.ready, '/resources/networks/default/default');
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('The network default/default was deleted').waitFor({ timeout: readyMs });
    await eventually(async () => cloudState(product.ready), isEmpty, readyMs);
    expectNoComplaints(desk);
  }, 1_800_000);
});

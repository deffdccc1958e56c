import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addFault, clearFaults } from '../support/cloud.ts';
import { ask } from '../support/graphql.ts';
import { applySamples } from '../support/sample-world.ts';
import { expectNoComplaints, go, openDesk } from './browser.ts';
import { lookAt } from './look-at.ts';

/** Machines and the like take the emulator a moment. */
const readyMs = 300_000;
const network = '/resources/networks/default/default';

/** Names of the rows of a table, by their first cell. */
async function rowsOf(page: Page, table: string): Promise<string[]> {
  const names = await page.getByRole('region', { name: table }).locator('tbody th').allInnerTexts();
  return names.map((name) => name.trim()).toSorted();
}

describe('the pages of networks', () => {
  it('show the topology, an instance on its way, who has an address and what a network lets through, live', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    const { ready } = product;
    await go(page, ready, '/topology');
    await page.getByText('Nothing is anywhere yet').waitFor();
    await lookAt(page, 'topology-empty');

    // Made at another door; nobody loads the page again.
    expect(await applySamples(product.dataDir)).not.toContain('refused');
    await page
      .getByRole('link', { name: 'DFW 4: Dallas, 1 location, 4 of 4 instances ready' })
      .waitFor({ timeout: readyMs });
    const graph = page.getByRole('group', { name: 'Graph of network default' });
    await graph.getByText('VM instance').nth(8).waitFor({ timeout: readyMs });
    await lookAt(page, 'topology');

    // By keyboard along the lines, and the same as a table.
    await graph.getByRole('link', { name: 'default', exact: true }).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('monitor-eu-lhr-0');
    const drawn = await graph
      .getByTitle(/:/)
      .evaluateAll((links) => links.map((each) => each.getAttribute('title')?.split(':')[0]));
    await page.getByText('Table', { exact: true }).click();
    const rows = await rowsOf(page, 'What hangs on the network');
    expect(rows).toHaveLength(1 + 3 + 3 + 9 + 9);
    expect(drawn.toSorted()).toEqual(rows);
    await lookAt(page, 'topology-table');

    await page.getByRole('link', { name: 'edge-proxy-us-dfw-0' }).click();
    await page.getByText(/^It is ready, for .* now; that took .* s from its creation\.$/).waitFor();
    expect(await page.getByRole('list', { name: 'Steps of the instance' }).locator('[data-state="done"]').count()).toBe(
      7,
    );
    const cloud = page.getByRole('region', { name: 'Resources in the cloud' });
    await cloud.getByText('VM instance').waitFor();
    expect(await cloud.getByRole('link').getAttribute('href')).toContain('https://console.cloud.google.com/compute/');
    await lookAt(page, 'instance');

    // Who has it: the address leads there.
    const address = page
      .getByRole('region', { name: 'Addresses by interface' })
      .getByRole('link', { name: /^10\.128\./ });
    const text = await address.innerText();
    await address.click();
    await page.getByText(`${text} belongs to instance edge-proxy-us-dfw-0.`).waitFor();
    await lookAt(page, 'addresses');
    const field = page.getByRole('searchbox', { name: 'Address' });
    for (const [typed, told] of [
      ['10.128.0.0', 'is one that the cloud keeps for itself'],
      ['10.128.15.253', 'is free, in subnet'],
      ['10.200.0.1', 'lies in the network, but in none of its subnets'],
      ['10.0.0.1', 'No network has 10.0.0.1'],
      ['10.0.0', '“10.0.0” is no IPv4 or IPv6 address.'],
    ] as const) {
      await field.fill(typed);
      await field.press('Enter');
      await page.getByText(told).waitFor();
    }
    expectNoComplaints(desk);
  }, 1_800_000);

  it('an instance that the cloud refuses says where it stands and why, and goes on when that is mended', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    const { ready } = product;
    const message = 'Quota CPUS exceeded. Limit: 24.0 in region us-south1.';
    const fault = { kind: 'operation-error', code: 'QUOTA_EXCEEDED', message };
    await addFault(ready, { method: 'POST', path: '/zones/us-south1-a/instances$', fault });
    expect(await applySamples(product.dataDir)).not.toContain('refused');
    await go(page, ready, '/resources/instances/default/web-us-south-dfw-0');
    await page.getByText(/^Cloud machine has failed: .*Quota CPUS exceeded/).waitFor({ timeout: readyMs });
    const steps = page.getByRole('list', { name: 'Steps of the instance' });
    const states = (): Promise<(string | null)[]> =>
      steps.getByRole('listitem').evaluateAll((all) => all.map((each) => each.getAttribute('data-state')));
    expect(await states()).toEqual(['done', 'done', 'done', 'done', 'failed', 'waiting', 'waiting']);
    await page.getByRole('region', { name: 'Resources in the cloud' }).getByText('QUOTA_EXCEEDED').waitFor();
    await lookAt(page, 'instance-failed');
    // The topology tells the same of what is made in the cloud.
    const topology = await desk.open('/topology');
    const { instance } = await ask<{ instance: { metadata: { uid: string } } }>(
      ready,
      '{ instance(namespace: "default", name: "web-us-south-dfw-0") { metadata { uid } } }',
    );
    const machine = (state: string) =>
      topology
        .getByRole('group', { name: 'Graph of network default' })
        .getByTitle(`instance-${instance.metadata.uid}: ${state}`, { exact: true });
    await machine('Failed').waitFor({ timeout: readyMs });
    await lookAt(topology, 'topology-failed');

    // Nobody loads the pages again.
    await clearFaults(ready);
    await machine('In place').waitFor({ timeout: 2 * readyMs });
    await page.getByText(/^It is ready, for /).waitFor({ timeout: 2 * readyMs });
    expect(await states()).toEqual(Array.from({ length: 7 }, () => 'done'));
    expectNoComplaints(desk);
  }, 1_800_000);

  it('a network shows its space down to one address, and its policies in words', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    const { ready } = product;
    expect(await applySamples(product.dataDir)).not.toContain('refused');
    await go(page, ready, network);
    await page
      .getByText('It is present in 3 locations with 3 subnets; 9 addresses of it are in use.')
      .waitFor({ timeout: readyMs });
    expect(await rowsOf(page, 'Users of the network')).toEqual([
      'default/edge-proxy',
      'default/monitor',
      'default/web',
    ]);
    await lookAt(page, 'network');

    // From the whole range to one address, by keyboard alone.
    await page.getByRole('tab', { name: 'Addresses' }).click();
    const square = (name: RegExp) => page.getByRole('button', { name }).first();
    await square(/^10\.128\.0\.0\/17: 3 subnets, 9 addresses in use$/).focus();
    await lookAt(page, 'address-map');
    await page.keyboard.press('Enter');
    await square(/^10\.128\.0\.0\/25: subnet .*, \d addresses in use$/).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toMatch(
      /^10\.128\.8\.0\/25: subnet/,
    );
    await lookAt(page, 'address-map-subnets');
    await page.keyboard.press('Enter');
    await page.getByText('One square is a /28', { exact: false }).waitFor();
    // The focus goes along.
    await page.locator('button[data-at="0"]:focus').waitFor();
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-label')`)).toMatch(
      /^10\.128\.0\.0\/28: .* in use$/,
    );
    await page.keyboard.press('Enter');
    await page.getByText('One square is one address.').waitFor();
    expect(await page.getByRole('navigation', { name: 'Part of the range that is shown' }).innerText()).toContain(
      '10.128.0.0/28',
    );
    await page.getByRole('link', { name: /^10\.128\.0\.2: instance / }).waitFor();
    await lookAt(page, 'address-map-addresses');
    await page.getByText('Table', { exact: true }).click();
    expect(await rowsOf(page, 'Addresses of 10.128.0.0/28 in use')).toContain('10.128.0.2');
    await page.getByRole('navigation', { name: 'Part of the range that is shown' }).getByRole('button').first().click();
    expect(await rowsOf(page, 'Parts of 10.128.0.0/9')).toEqual([
      '10.128.0.0',
      '10.128.16.0',
      '10.128.32.0',
      '10.128.48.0',
    ]);

    // A policy that is written elsewhere shows here, and what follows from it.
    await page.getByRole('tab', { name: 'Policies' }).click();
    await page.getByText('No policies yet').waitFor();
    const from = [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }];
    const spec = { network: { name: 'default' }, priority: 10, ingress: [{ ports: [{ port: 443 }], from }] };
    const create = `mutation ($spec: NetworkPolicySpecInput!) { createNetworkPolicy(input: {metadata: {namespace: "default", name: "edge"}, spec: $spec}) { userErrors { message } } }`;
    expect(await ask(ready, create, { spec })).toEqual({ createNetworkPolicy: { userErrors: [] } });
    const rule = page.getByText('In: TCP 443 from 10.0.0.0/8 except 10.1.0.0/16');
    await rule.nth(1).waitFor();
    expect(await rule.count()).toBe(2);
    await page.getByRole('link', { name: 'NetworkPolicy edge' }).waitFor();
    await lookAt(page, 'policies');
    expectNoComplaints(desk);
  }, 1_800_000);
});

import { describe, expect, it } from 'vitest';
import { ask } from '../support/graphql.ts';
import { allReady, applySamples } from '../support/sample-world.ts';
import { violations } from './accessible.ts';
import { expectNoComplaints, go, openDesk, picture } from './browser.ts';

const sampleInstances = 9;

/** Every page, with a text that shows when it is complete. */
const pages: readonly (readonly [name: string, path: string, text: string | RegExp])[] = [
  ['overview', '/', 'objects are looked at'],
  ['topology', '/topology', 'gcp-europe-west2-a'],
  ['addresses', '/addresses', 'Addresses'],
  ['activity', '/activity', 'Latest first'],
  ['access', '/access', 'cluster-admin'],
  ['settings', '/settings', 'Appearance'],
  ['workloads', '/resources/workloads', 'edge-proxy'],
  ['instances', '/resources/instances', 'web-us-south-dfw-0'],
  ['filtered', '/resources/instances?labels=tier%3Dedge&sort=-state', 'edge-proxy-eu-lhr-0'],
  ['empty-list', '/resources/networkpolicies', 'No network policies here yet'],
  ['workload', '/resources/workloads/default/monitor', 'All 5 instances are ready in 3 cities.'],
  ['workload-not-ready', '/resources/workloads/default/nowhere', 'Why it is not ready'],
  ['network', '/resources/networks/default/default', 'default'],
  ['instance', '/resources/instances/default/web-us-south-dfw-0', 'Metadata'],
  ['location', '/resources/locations/default/gcp-us-south1-a', 'Spec and status'],
  ['secret', '/resources/secrets/default/web-credentials?tab=yaml', '••••••'],
  ['yaml', '/resources/workloads/default/web?tab=yaml', 'apiVersion:'],
  ['events', '/resources/instances/default/web-us-south-dfw-0?tab=events', 'Last seen'],
  ['history', '/resources/instances/default/web-us-south-dfw-0?tab=history', 'status.conditions'],
  ['create-network', '/create/networks', 'Required value'],
  ['create-workload', '/create/workloads', 'Required value'],
  ['edit', '/edit/workloads/default/web', 'The server would take it'],
  ['missing', '/resources/networks/default/nothing', 'There is no network default/nothing'],
  ['nowhere', '/no/such/page', 'There is no such page'],
];

const createWorkload =
  'mutation ($input: WorkloadInput!) { createWorkload(input: $input) { workload { id } userErrors { message } } }';
/** A workload that is wanted in a network that is not there. */
const nowhere = {
  metadata: { namespace: 'default', name: 'nowhere' },
  spec: {
    template: {
      spec: {
        runtime: {
          resources: { instanceType: 'datumcloud/d1-standard-2' },
          sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29' }] },
        },
        networkInterfaces: [{ network: { name: 'nowhere' } }],
      },
    },
    placements: [{ name: 'p', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
  },
};

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('every page can be used by everybody', async (context) => {
    const desk = await openDesk(context, { colorScheme });
    const { page, product } = desk;
    await applySamples(product.dataDir);
    await allReady(product.ready, sampleInstances, 300_000);
    expect(await ask(product.ready, createWorkload, { input: nowhere })).toMatchObject({
      createWorkload: { userErrors: [] },
    });
    const wrong: Record<string, string[]> = {};
    for (const [name, path, text] of pages) {
      await go(page, product.ready, path);
      await page.getByRole('main').getByText(text).first().waitFor();
      await page.screenshot({ path: picture(`${name}-${colorScheme}`), fullPage: false });
      const found = await violations(page);
      if (found.length > 0) wrong[name] = found;
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('web');
    await page.getByRole('option', { name: /Workload in default/ }).waitFor();
    await page.screenshot({ path: picture(`palette-${colorScheme}`) });
    const inPalette = await violations(page);
    if (inPalette.length > 0) wrong['palette'] = inPalette;
    const nobody = await (await desk.newContext()).newPage();
    await nobody.goto(product.ready.console ?? '');
    await nobody.getByLabel('Token').waitFor();
    await nobody.screenshot({ path: picture(`sign-in-${colorScheme}`) });
    const atDoor = await violations(nobody);
    if (atDoor.length > 0) wrong['sign-in'] = atDoor;
    expect(wrong).toEqual({});
    expectNoComplaints(desk);
  }, 1_800_000);
});

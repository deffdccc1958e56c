import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Ready } from '../../cli/ready-file.ts';
import { ask } from '../support/graphql.ts';
import { startProductProcess } from '../support/product.ts';
import { applySamples } from '../support/sample-world.ts';
import { expectNoComplaints, go, openDesk, signIn } from './browser.ts';
import { lookAt } from './look-at.ts';

/** The real one, as people have it. */
const kubectl = 'kubectl';

const put = `mutation Put($data: MapPatch) {
  applyConfigMap(namespace: "default", name: "news", input: {data: $data}, fieldManager: "test", force: true) { userErrors { message } }
}`;
const write = async (ready: Ready, text: string): Promise<unknown> => ask(ready, put, { data: { text } });

/** Merges into the config map, by the real kubectl. */
async function patch({ kubeconfig }: Ready, data: Record<string, string>): Promise<void> {
  const change = ['patch', 'configmap', 'news', '-n', 'default', '--type=merge', '-p', JSON.stringify({ data })];
  await promisify(execFile)(kubectl, [`--kubeconfig=${kubeconfig}`, ...change]);
}

describe('what others change', () => {
  // How soon is for `npm run bench console` to say: here other tests run beside.
  it('shows in every tab without reload, whichever door it came through', async (context) => {
    context.skip(spawnSync(kubectl, ['version', '--client']).status !== 0, 'there is no kubectl');
    const desk = await openDesk(context);
    const { page, product } = desk;
    await write(product.ready, 'first');
    const path = '/resources/configmaps/default/news';
    await go(page, product.ready, path);
    const second = await desk.open(path);
    await page.getByText('first').waitFor();
    await second.getByText('first').waitFor();
    for (let round = 0; round < 6; round += 1) {
      const text = `change ${round}`;
      if (round % 2 === 0) await write(product.ready, text);
      else await patch(product.ready, { text });
      await Promise.all([page, second].map(async (tab) => tab.getByText(text).waitFor()));
    }
    expectNoComplaints(desk);
  }, 1_800_000);

  it('shows after the server was away, and that it was away is said', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    const { ready, dataDir } = product;
    await write(ready, 'before');
    await go(page, ready, '/resources/configmaps/default/news');
    await page.getByText('before').waitFor();
    const badge = page.locator('.live-badge');
    await badge.getByText('Live').waitFor();
    await product.stop();
    await badge.getByText('Reconnecting').waitFor();
    await lookAt(page, 'reconnecting');
    await badge.getByText('Stale since').waitFor({ timeout: 300_000 });
    expect(await page.getByText('before').isVisible(), 'what was there stays').toBe(true);
    const port = new URL(ready.console ?? '').port;
    const again = await startProductProcess({ dataDir, env: { DATUM_PORT: port } });
    await write(again.ready, 'afterwards');
    await page.getByText('afterwards').waitFor({ timeout: 300_000 });
    await badge.getByText('Live').waitFor();
  }, 1_800_000);

  it('is merged into what is being edited, and where both changed the same it is said', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    await ask(product.ready, put, { data: { mine: 'old', theirs: 'old', both: 'old' } });
    await go(page, product.ready, '/edit/configmaps/default/news');
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    await field('mine').fill('mine');
    await field('both').fill('mine');
    await ask(product.ready, put, { data: { mine: 'old', theirs: 'theirs', both: 'theirs' } });
    const notice = page.getByRole('alert');
    await notice.getByText('This was changed elsewhere').waitFor();
    await notice.getByText('data.both', { exact: true }).last().waitFor();
    await lookAt(page, 'conflict');
    await notice.getByRole('button', { name: /keep mine where both changed/ }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await field('theirs').inputValue()).toBe('theirs');
    await page.getByRole('button', { name: 'Review and apply' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('heading', { name: 'news', level: 1 }).waitFor();
    expect(await ask(product.ready, '{ configMap(namespace: "default", name: "news") { data } }')).toEqual({
      configMap: { data: { mine: 'mine', theirs: 'theirs', both: 'mine' } },
    });
    expectNoComplaints(desk);
  }, 1_800_000);
});

describe('what is wrong', () => {
  it('is explained down to the cause, and shows mended as soon as it is', async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    await applySamples(product.dataDir);
    await go(page, product.ready, '/resources/workloads/default/monitor');
    await page.getByText('All 5 instances are ready in 3 cities.').waitFor({ timeout: 300_000 });
    // A rollout that cannot succeed: the network that it names does not exist.
    await page.getByRole('link', { name: 'Edit' }).click();
    const network = page.locator('[id="field-spec.template.spec.networkInterfaces[0].network.name"]');
    await network.fill('elsewhere');
    await page.getByRole('button', { name: 'Review and apply' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Why it is not ready').waitFor({ timeout: 300_000 });
    await page
      .getByText(/What to do:/)
      .first()
      .waitFor();
    await page
      .getByText(/elsewhere/)
      .first()
      .waitFor();
    await lookAt(page, 'broken');
    // The overview names it too.
    await go(page, product.ready, '/');
    await page.getByRole('main').getByRole('link', { name: 'monitor', exact: true }).first().waitFor();
    await go(page, product.ready, '/create/networks');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('elsewhere');
    await page.getByRole('button', { name: 'Review and create' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: 'elsewhere', level: 1 }).waitFor();
    await go(page, product.ready, '/resources/workloads/default/monitor');
    await page.getByText('All 5 instances are ready in 3 cities.').waitFor({ timeout: 300_000 });
    expectNoComplaints(desk);
  }, 1_800_000);
});

describe('somebody with few rights', () => {
  it('is offered nothing that would be refused, and sees nothing that is not theirs', async (context) => {
    const desk = await openDesk(context);
    const { product } = desk;
    await write(product.ready, 'for all to see');
    await ask(
      product.ready,
      `mutation { createServiceAccount(input: {metadata: {namespace: "default", name: "guest"}}) { userErrors { message } }
        createRoleBinding(input: {metadata: {namespace: "default", name: "guest"}, roleRef: {apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view"}, subjects: [{kind: "ServiceAccount", name: "guest", namespace: "default"}]}) { userErrors { message } } }`,
    );
    const { made } = await ask<{ made: { token: string } }>(
      product.ready,
      `mutation { made: createServiceAccountToken(namespace: "default", name: "guest") { token } }`,
    );
    const page = await (await desk.newContext()).newPage();
    await page.goto(product.ready.console ?? '');
    await signIn(page, { token: made.token });
    await go(page, product.ready, '/resources/configmaps/default/news?ns=default');
    await page.getByText('for all to see').waitFor();
    await page.getByRole('button', { name: 'Copy as' }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0);
    await go(page, product.ready, '/resources/configmaps?ns=default');
    await page.getByRole('link', { name: 'news' }).waitFor();
    expect(await page.getByRole('link', { name: /^Create/ }).count()).toBe(0);
    await go(page, product.ready, '/resources/secrets?ns=default');
    await page.getByText('The list of secrets could not be read').waitFor();
    await go(page, product.ready, '/activity?ns=default');
    await page.getByText('You may not read the audit').waitFor();
    await lookAt(page, 'few-rights');
  }, 1_800_000);
});

import { expect, it } from 'vitest';
import { authorityOf, type Call, send } from '../clients/support/server.ts';
import { sized } from '../support/scale.ts';
import { expectNoComplaints, go, openDesk, picture } from './browser.ts';

/** More than the server's order allows to be read whole. */
const count = sized(10_000, { full: 3_000, quick: 1_200 });
const apiVersion = 'networking.datumapis.com/v1alpha';
const path = `/apis/${apiVersion}/namespaces/default/networks`;
/** Writers at a time. */
const writers = 8;

it(`a list of ${count} sorts by state, and stays sorted while states change`, async (context) => {
  // Nobody reconciles: objects are as they are written here.
  const desk = await openDesk(context, { env: { DATUM_ROLES: 'gateway,subgraph,kubernetes' } });
  const { page, product } = desk;
  const { kubeconfig, kubernetes: url, token } = product.ready;
  if (url === null || kubeconfig === null) throw new Error('there is no Kubernetes API');
  const server = { url, token, ca: authorityOf(kubeconfig) };
  const call = async (sent: Call): Promise<void> => {
    const { raw, status } = await send(server, sent);
    if (status >= 300) throw new Error(`${status} ${raw.toString()}`);
  };
  const nameOf = (at: number): string => `net-${String(at).padStart(5, '0')}`;
  const create = async (at: number): Promise<void> =>
    call({
      method: 'POST',
      path,
      body: { apiVersion, kind: 'Network', metadata: { name: nameOf(at) }, spec: { ipam: { mode: 'Auto' } } },
    });
  const set = async (at: number, status: 'True' | 'False', reason: string): Promise<void> => {
    const condition = { type: 'Ready', status, reason, message: 'As the test says.', lastTransitionTime: new Date() };
    await call({
      method: 'PATCH',
      path: `${path}/${nameOf(at)}/status`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status: { conditions: [condition] } },
    });
  };
  const next = Array.from({ length: count }, (_, at) => at)[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (const at of next) {
        await create(at);
        await set(at, 'True', 'Ready');
      }
    }),
  );
  await set(count - 3, 'False', 'Broken');
  await set(count - 7, 'False', 'Broken');
  await set(count - 5, 'False', 'Pending');

  await go(page, product.ready, '/resources/networks');
  await page.getByRole('link', { name: nameOf(0), exact: true }).waitFor();
  const header = page.getByRole('button', { name: 'State', exact: true });
  await header.click();
  const first = page.locator('[aria-rowindex="2"]').getByRole('link');
  await first.getByText(nameOf(count - 7)).waitFor();
  const names = async (many: number): Promise<string[]> => {
    const rows = Array.from({ length: many }, (_, at) =>
      page
        .locator(`[aria-rowindex="${at + 2}"] a`)
        .first()
        .innerText(),
    );
    return Promise.all(rows);
  };
  expect(await names(4)).toEqual([nameOf(count - 7), nameOf(count - 3), nameOf(count - 5), nameOf(0)]);
  expect(new URL(page.url()).searchParams.get('sort')).toBe('state');
  await page.getByText(count.toLocaleString('en-US'), { exact: true }).waitFor();
  await page.screenshot({ path: picture('sorted-by-state') });

  // One far below breaks, one of the first is mended; nobody loads anything again.
  await set(count - 9, 'False', 'Broken');
  await first.getByText(nameOf(count - 9)).waitFor();
  await set(count - 7, 'True', 'Ready');
  await page
    .locator('[aria-rowindex="3"]')
    .getByText(nameOf(count - 3))
    .waitFor();
  expect(await names(4)).toEqual([nameOf(count - 9), nameOf(count - 3), nameOf(count - 5), nameOf(0)]);

  // A filter of the server holds for it, too, and so does the other direction.
  await page.getByRole('searchbox', { name: 'Filter by text' }).fill('net-0');
  await header.click();
  await page.getByRole('table').focus();
  await page.keyboard.press('End');
  await page
    .locator('a:focus')
    .getByText(nameOf(count - 3))
    .waitFor();
  expect(new URL(page.url()).searchParams.get('sort')).toBe('-state');
  // From here on it is an address that others may open.
  await page.reload();
  await first.getByText(nameOf(0)).waitFor();
  expectNoComplaints(desk);
}, 1_800_000);

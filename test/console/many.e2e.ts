import { describe, expect, it } from 'vitest';
import { ask } from '../support/graphql.ts';
import { makeConfigMaps } from '../support/many-config-maps.ts';
import { sized } from '../support/scale.ts';
import { expectNoComplaints, go, openDesk, picture } from './browser.ts';

describe('a long list', () => {
  const count = sized(10_000, { full: 10_000, quick: 2_000 });

  it(`of ${count} objects can be read, searched and scrolled, and stays live`, async (context) => {
    const desk = await openDesk(context);
    const { page, product } = desk;
    await makeConfigMaps(product.ready, count);
    const asked: string[] = [];
    page.on('request', (request) => void (request.url().endsWith('/graphql') && asked.push(request.postData() ?? '')));
    await go(page, product.ready, '/resources/configmaps');
    await page.getByRole('link', { name: 'item-0', exact: true }).waitFor();
    const all = page.getByText(count.toLocaleString('en-US'), { exact: true });
    await all.waitFor();
    expect(await page.getByRole('row').count(), 'only what is in sight is drawn').toBeLessThan(100);
    const pages = (): number => asked.filter((body) => body.includes('page:configMaps')).length;
    expect(pages(), 'and only what is near is read').toBeLessThan(5);
    await page.screenshot({ path: picture('many') });

    // Made and deleted by others, in sight and far below.
    const change = `mutation {
      a: createConfigMap(input: {metadata: {namespace: "default", name: "item-00"}}) { userErrors { message } }
      b: createConfigMap(input: {metadata: {namespace: "default", name: "zebra"}}) { userErrors { message } }
      c: deleteConfigMap(namespace: "default", name: "item-1") { userErrors { message } }
      d: deleteConfigMap(namespace: "default", name: "item-9") { userErrors { message } }
      e: createConfigMap(input: {metadata: {namespace: "default", name: "zoo"}}) { userErrors { message } }
    }`;
    await ask(product.ready, change);
    await page.getByRole('link', { name: 'item-00', exact: true }).waitFor();
    await page.getByRole('link', { name: 'item-1', exact: true }).waitFor({ state: 'detached' });
    const total = (count + 1).toLocaleString('en-US');
    await page.getByText(total, { exact: true }).waitFor();

    // By keyboard to the last, which has to be read first.
    await page.getByRole('table').focus();
    await page.keyboard.press('End');
    await page.locator('a:focus').getByText('zoo', { exact: true }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.locator('a:focus').getByText('zebra', { exact: true }).waitFor();
    // The other way round the server begins with it.
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    // Where one has scrolled to, it ends now with what was first.
    await page.getByRole('link', { name: 'item-00', exact: true }).waitFor();
    await page.getByRole('table').focus();
    await page.keyboard.press('Home');
    await page.locator('a:focus').getByText('zoo', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-name');

    // The server looks for texts; the address holds them.
    const text = page.getByRole('searchbox', { name: 'Filter by text' });
    await text.fill(`ITEM-${count - 1}`);
    await page.getByRole('link', { name: `item-${count - 1}`, exact: true }).waitFor();
    await page.getByText('1', { exact: true }).waitFor();
    await ask(
      product.ready,
      `mutation { createConfigMap(input: {metadata: {namespace: "default", name: "more-item-${count - 1}"}}) { userErrors { message } } }`,
    );
    await page.getByRole('link', { name: `more-item-${count - 1}`, exact: true }).waitFor();
    await text.fill('');
    await page.getByRole('searchbox', { name: 'Label selector' }).fill('tenth=3');
    await page.getByText((count / 10).toLocaleString('en-US'), { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('labels')).toBe('tenth=3');
    // Few enough to be sorted by any column, and as people count.
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.getByRole('table').focus();
    await page.keyboard.press('End');
    await page
      .locator('a:focus')
      .getByText(`item-${count - 7}`)
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `item-${count - 7}`, level: 1 }).waitFor();
    expectNoComplaints(desk);
  }, 1_800_000);
});

import { expect, it } from 'vitest';
import { ask } from '../support/graphql.ts';
import { expectNoComplaints, go, openDesk } from './browser.ts';
import { lookAt } from './look-at.ts';

it('names of other objects are chosen from those that there are, or written', async (context) => {
  const desk = await openDesk(context);
  const { page, product } = desk;
  await ask(
    product.ready,
    `mutation {
      a: createNamespace(input: {metadata: {name: "lab"}}) { userErrors { message } }
      b: createNetwork(input: {metadata: {namespace: "default", name: "front"}, spec: {ipam: {mode: Auto}}}) { userErrors { message } }
      c: createNetwork(input: {metadata: {namespace: "lab", name: "back"}, spec: {ipam: {mode: Auto}}}) { userErrors { message } }
      d: createNetworkBinding(input: {metadata: {namespace: "default", name: "n"}, spec: {network: {name: "front"}, location: {name: "here", namespace: "default"}}}) { userErrors { message } }
    }`,
  );
  await go(page, product.ready, '/create/networkbindings');
  const name = page.locator('[id="field-spec.network.name"]');
  // What the server says of the form has its place.
  await page.getByText('Required value').first().waitFor();
  await name.click();
  const options = page.getByRole('listbox', { name: 'Networks' });
  await options.getByRole('option', { name: /front/ }).waitFor();
  await options.getByRole('option', { name: /back in lab/ }).waitFor();
  await lookAt(page, 'reference');
  // The server looks for what is typed; what is made meanwhile shows, too.
  await page.keyboard.type('ba');
  await options.getByRole('option', { name: /front/ }).waitFor({ state: 'detached' });
  await ask(
    product.ready,
    'mutation { createNetwork(input: {metadata: {namespace: "default", name: "bay"}, spec: {ipam: {mode: Auto}}}) { userErrors { message } } }',
  );
  await options.getByRole('option', { name: /bay/ }).waitFor();
  // Its namespace comes with it.
  await page.keyboard.type('ck');
  await options.getByRole('option', { name: /bay/ }).waitFor({ state: 'detached' });
  expect(await options.getByRole('option').count()).toBe(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await name.inputValue()).toBe('back');
  expect(await page.locator('[id="field-spec.network.namespace"]').inputValue()).toBe('lab');
  // What is not there yet can be written all the same.
  await name.fill('later');
  await page.keyboard.press('Escape');
  expect(await name.inputValue()).toBe('later');

  // In the object's own namespace only, where the reference has none.
  await go(page, product.ready, '/create/networkpolicies?ns=lab');
  await page.getByText('Required value').first().waitFor();
  await page.locator('[id="field-spec.network.name"]').click();
  await options.getByRole('option', { name: /^back (?!in)/ }).waitFor();
  expect(await options.getByRole('option').count()).toBe(1);
  expectNoComplaints(desk);
}, 1_800_000);

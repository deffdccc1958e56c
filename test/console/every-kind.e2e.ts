import { expect, it } from 'vitest';
import { kindFacts } from '../../console/generated/kinds.ts';
import { authorityOf, send } from '../clients/support/server.ts';
import { kindSamples } from '../support/kind-samples.ts';
import { expectNoComplaints, go, openDesk } from './browser.ts';
import { foundOn } from './look-at.ts';

it('every kind has a list, a page and a form, which everybody can use in both themes', async (context) => {
  // Nobody reconciles: objects stay as they are written here.
  const desk = await openDesk(context, { env: { DATUM_ROLES: 'gateway,subgraph,kubernetes' } });
  const { page, product } = desk;
  const { kubeconfig, kubernetes: url, token } = product.ready;
  if (url === null || kubeconfig === null) throw new Error('there is no Kubernetes API');
  const server = { url, token, ca: authorityOf(kubeconfig) };
  const facts = new Map(kindFacts.map((each) => [each.type, each]));
  expect(Object.keys(kindSamples).toSorted()).toEqual([...facts.keys()].toSorted());
  const wrong: string[] = [];
  for (const [kind, sample] of Object.entries(kindSamples)) {
    const { group, namespaced, plural, version } = facts.get(kind)!; // Both have the same kinds.
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const root = group === '' ? `/api/${version}` : `/apis/${apiVersion}`;
    const path = `${root}${namespaced ? '/namespaces/default' : ''}/${plural}`;
    const body = { apiVersion, kind, metadata: { name: 'sample' }, ...sample };
    const { raw, status } = await send(server, { method: 'POST', path, body });
    expect(status, `${kind}: ${raw.toString()}`).toBe(201);
    const at = `${plural}${namespaced ? '/default' : ''}/sample`;
    const main = page.getByRole('main');
    const look = async (what: string): Promise<void> =>
      void wrong.push(...(await foundOn(page, `kind-${plural}-${what}`)));
    await go(page, product.ready, `/resources/${plural}`);
    await main.getByRole('link', { name: 'sample', exact: true }).first().waitFor();
    await look('list');
    await main.getByRole('link', { name: 'sample', exact: true }).first().click();
    await page.getByRole('heading', { name: 'sample', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/resources/${at}`);
    await look('page');
    await go(page, product.ready, `/edit/${at}`);
    await page.getByRole('heading', { name: 'Edit sample', level: 1 }).waitFor();
    await page.getByText('The server would take it').waitFor();
    await look('form');
  }
  expect(wrong).toEqual([]);
  expectNoComplaints(desk);
}, 1_800_000);

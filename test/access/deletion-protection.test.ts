import { expect, test } from 'vitest';
import { network, networksIn } from '../support/access-objects.ts';
import { accessWorld } from '../support/access-world.ts';
import { asAdmin } from '../support/store.ts';

const key = { namespace: 'default', name: 'kept' };
const remove = `mutation { deleteNetwork(namespace: "default", name: "kept") { userErrors { code message } } }`;
const path = `${networksIn('default')}/kept`;

test('what is protected is refused at both doors, one by one and among others, and goes once it is not', async () => {
  const world = await accessWorld();
  const { admin, store } = world;
  await network(world, 'default', 'kept');
  const protect = (value: string) => ({
    metadata: { annotations: { 'compute.datumapis.com/deletion-protection': value } },
  });
  expect(await admin.kubernetes('PATCH', path, protect('maybe'))).toMatchObject({ status: 422 });
  expect(await admin.kubernetes('PATCH', path, protect('true'))).toMatchObject({ status: 200 });

  expect(await admin.kubernetes('DELETE', path)).toMatchObject({
    status: 403,
    body: { reason: 'Forbidden', message: expect.stringContaining('it is protected from deletion') },
  });
  await admin.kubernetes('DELETE', networksIn('default'));
  const { data } = await admin.graphql(remove);
  expect(data.deleteNetwork.userErrors).toMatchObject([
    { code: 'FORBIDDEN', message: expect.stringContaining('it is protected from deletion') },
  ]);
  expect((await store.get(asAdmin, 'Network', key))?.metadata.deletionTimestamp).toBeUndefined();

  expect(await admin.kubernetes('PATCH', path, protect('false'))).toMatchObject({ status: 200 });
  expect((await admin.graphql(remove)).data.deleteNetwork.userErrors).toEqual([]);
  expect(await store.get(asAdmin, 'Network', key)).toBeUndefined();
});

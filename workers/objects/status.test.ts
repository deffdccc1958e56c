import { expect, test } from 'vitest';
import { declare } from '../../test/support/declare.ts';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { withVerdicts, writeStatus } from './status.ts';

const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: 'yes' } as const;

test('lastTransitionTime moves only where the status does', () => {
  const before =
    fixture('Network', 'n', { conditions: ['Ready=False NotYet: no', 'Other=True'] }).status?.conditions ?? [];
  const at = { observedGeneration: 2, now: new Date('2026-05-01T10:00:00.123Z') };
  const still = withVerdicts(before, [{ ...ready, status: 'False', reason: 'Still' }], at);
  expect(still[0]).toMatchObject({
    reason: 'Still',
    observedGeneration: 2,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  const moved = withVerdicts(before, [ready, { ...ready, type: 'New' }], at);
  expect(moved.map(textOf)).toEqual(['Ready=True Ready: yes', 'Other=True Test: ', 'New=True Ready: yes']);
  expect(moved.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([
    '2026-05-01T10:00:00Z',
    '2026-01-01T00:00:00Z',
    '2026-05-01T10:00:00Z',
  ]);
});

test('a part is written once, keeps what others wrote in between, and can be taken back', async () => {
  const { store } = await testStore();
  const network = await declare(store).network('prod');
  const other = { ...ready, type: 'Theirs' };
  await writeStatus(store, asAdmin, 'Network', network, { verdicts: [other] });
  const written = await writeStatus(store, asAdmin, 'Network', network, {
    verdicts: [ready],
    fields: { ipam: { subnets: 1 } },
  });
  expect(written.status).toMatchObject({
    ipam: { subnets: 1 },
    conditions: [{ type: 'Ready', status: 'True' }, { type: 'Theirs' }],
  });

  const revision = await store.revision();
  expect(
    await writeStatus(store, asAdmin, 'Network', written, { verdicts: [ready], fields: { ipam: { subnets: 1 } } }),
  ).toBe(written);
  await writeStatus(store, asAdmin, 'Network', network, { verdicts: [ready], fields: { ipam: { subnets: 1 } } });
  expect(await store.revision()).toBe(revision);

  const cleared = await writeStatus(store, asAdmin, 'Network', written, { verdicts: [], fields: { ipam: undefined } });
  expect(cleared.status).not.toHaveProperty('ipam');
});

test('what was made anew is not written to', async () => {
  const { store } = await testStore();
  const old = await declare(store).network('prod');
  await store.delete(asAdmin, 'Network', { namespace: 'default', name: 'prod' });
  await expect(writeStatus(store, asAdmin, 'Network', old, { verdicts: [ready] })).rejects.toMatchObject({
    code: 'NotFound',
  });
  await declare(store).network('prod');
  await expect(writeStatus(store, asAdmin, 'Network', old, { verdicts: [ready] })).rejects.toMatchObject({
    code: 'Conflict',
  });
});

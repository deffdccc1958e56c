import { expect, test } from 'vitest';
import type { Read, Rights } from '../admit.ts';
import type { ControllerRevision, InstanceTemplate, Workload } from '../generated/types.ts';
import { valid } from '../rules/fixture.ts';
import { admit } from './workload.admit.ts';

const workload = valid.Workload as unknown as Workload;
const place = { name: 'revision', namespace: 'default' };
const owner = { apiVersion: workload.apiVersion, kind: 'Workload', name: 'a', uid: workload.metadata.uid };

function revisionOf(revision: number, template: unknown): ControllerRevision {
  const metadata = { ...workload.metadata, ...place, ownerReferences: [owner] };
  return { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data: { spec: { template } }, revision };
}

function on(network: string): InstanceTemplate {
  const { template } = workload.spec;
  return { ...template, spec: { ...template.spec, networkInterfaces: [{ network: { name: network } }] } };
}

/** Problems of a way back for one who may use the network `open` alone, from a template with that. */
async function wayBack(revision: number, revisions: readonly ControllerRevision[]): Promise<string[]> {
  const previous = { ...workload, spec: { ...workload.spec, template: on('open') } };
  const next = { ...previous, spec: { ...previous.spec, rollbackTo: { revision } } };
  const read = {
    get: () => Promise.resolve(undefined),
    list: (kind: string) => Promise.resolve(kind === 'ControllerRevision' ? revisions : []),
  } as unknown as Read;
  const rights: Rights = { may: ({ name }) => name === 'open', lacks: () => [] };
  const problems = await admit(next, previous, read, rights);
  return problems.filter(({ path }) => !path.startsWith('spec.placements')).map(({ message }) => message);
}

test.each([{}, null, 'text', [], { spec: null }, { spec: { networkInterfaces: {} } }, { spec: {} }])(
  'a revision that somebody made up is no way back: %j',
  async (template) => {
    const problem = ['Invalid value: 1: revision holds no template'];
    expect(await wayBack(1, [revisionOf(1, template)])).toEqual(problem);
  },
);

test('a way back leads to no network that its asker may not use, whichever revision is the newest by then', async () => {
  const denied = ['Forbidden: permission to use the network was denied'];
  const revisions = [revisionOf(1, on('open')), revisionOf(2, on('closed'))];
  expect(await wayBack(1, revisions)).toEqual([]);
  expect(await wayBack(2, revisions)).toEqual(denied);
  // What the workload has now is not yet a revision: once it is, the one before it is the second.
  expect(await wayBack(0, revisions)).toEqual(denied);
  expect(await wayBack(0, [...revisions, revisionOf(3, on('open')), revisionOf(4, on('open'))])).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checkObject } from '../check-object.ts';
import type { Location } from '../generated/types.ts';
import type { Resource } from '../object.ts';
import { builtInRegistry } from '../registry.ts';
import { configMapRows, eventRows, leaseRows, namespaceRows, occurrenceRows, secretRows } from './core.rows.ts';
import { patched, readFixture, valid, type Fixture } from './fixture.ts';
import { gatewayRows } from './gateway.rows.ts';
import { conditionRows, metadataRows } from './metadata.rows.ts';
import { networkPolicyRows } from './network-policy.rows.ts';
import {
  locationRows,
  networkBindingRows,
  networkContextRows,
  networkRows,
  subnetClaimRows,
  subnetRows,
} from './networking.rows.ts';
import { clusterRoleBindingRows, clusterRoleRows, roleBindingRows, roleRows } from './rbac.rows.ts';
import type { Row } from './row.ts';
import { interfacePolicyRows, sandboxRows } from './sandbox.rows.ts';
import { machineRows, templateRows } from './template.rows.ts';
import { volumeRows } from './volume.rows.ts';
import { instanceRows, placementRows, workloadDeploymentRows } from './workload.rows.ts';

// Every validation rule of every kind, a row each.

const registry = builtInRegistry();

const rows: Readonly<Record<Fixture, readonly Row[]>> = {
  Namespace: namespaceRows,
  Secret: secretRows,
  ConfigMap: [...metadataRows, ...configMapRows],
  Event: [...eventRows, ...occurrenceRows],
  Lease: leaseRows,
  Role: roleRows,
  ClusterRole: clusterRoleRows,
  RoleBinding: roleBindingRows,
  ClusterRoleBinding: clusterRoleBindingRows,
  Location: locationRows,
  Network: [...networkRows, ...conditionRows()],
  NetworkContext: networkContextRows,
  NetworkBinding: networkBindingRows,
  NetworkPolicy: networkPolicyRows,
  SubnetClaim: subnetClaimRows,
  Subnet: subnetRows,
  Workload: [...placementRows, ...templateRows, ...machineRows, ...volumeRows],
  Sandbox: [...sandboxRows, ...interfacePolicyRows, ...gatewayRows],
  WorkloadDeployment: workloadDeploymentRows,
  Instance: instanceRows,
};

const fixtures = Object.keys(valid) as Fixture[];
const flat = fixtures.flatMap((fixture) =>
  rows[fixture].map((each) => [`${fixture} ${JSON.stringify(each.patch).slice(0, 90)}`, fixture, each] as const),
);

describe('rules', () => {
  test('every kind has rows', () => {
    expect(fixtures.filter((fixture) => !rows[fixture].length)).toEqual([]);
    expect(
      registry
        .all()
        .map((kind) => kind.id)
        .filter((id) => !Object.hasOwn(rows, id)),
    ).toEqual([]);
  });

  test.each(fixtures)('a valid %s has no problem', async (fixture) => {
    const checked = await checkObject(registry.get(valid[fixture].kind), patched(fixture, {}), undefined, readFixture);
    expect(checked).toMatchObject({ problems: [], unknown: [], warnings: [] });
  });

  test.each(flat)('%s', async (_name, fixture, { patch, before, path, reason, message }) => {
    const kind = registry.get(valid[fixture].kind);
    const previous = before && (await checkObject(kind, patched(fixture, before), undefined, readFixture)).object;
    const { problems } = await checkObject(kind, patched(fixture, patch), previous, readFixture);
    expect(problems).toEqual([{ path, reason, message: expect.stringContaining(message) as string }]);
    expect(problems[0]?.message.startsWith(message)).toBe(true);
  });

  test('what a rule about other objects refuses does not hinder a change of metadata', async () => {
    const kind = registry.get('Workload');
    const nowhere = { ...readFixture, list: () => Promise.resolve([]) };
    const { object } = await checkObject(kind, patched('Workload', {}), undefined, readFixture);
    const labelled = { ...object, metadata: { ...object.metadata, labels: { a: 'b' } } };
    expect((await checkObject(kind, labelled, object, nowhere)).problems).toEqual([]);
    expect((await checkObject(kind, labelled, undefined, nowhere)).problems).toHaveLength(1);
  });

  test('the samples are valid as they are', async () => {
    const folder = new URL('../../examples/samples/', import.meta.url);
    const objects = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) =>
        parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map((each) => each.toJS() as Resource),
      );
    const locations = objects.filter((object) => object.kind === 'Location') as Location[];
    const read = { ...readFixture, list: () => Promise.resolve(locations as never[]) };
    expect(objects.length).toBeGreaterThan(5);
    for (const object of objects) {
      const checked = await checkObject(registry.get(object.kind), object, undefined, read);
      expect(checked).toMatchObject({ problems: [], unknown: [] });
    }
  });
});

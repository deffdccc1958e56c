import { expect, test } from 'vitest';
import { addFault } from '../../test/support/cloud.ts';
import { conditionText, gcpWorld, type GcpWorld, messageOf } from '../../test/support/gcp-world.ts';

async function createLocation(
  world: GcpWorld,
  name: string,
  gcp: Partial<Record<'projectId' | 'region' | 'zone', string>>,
  locationClassName = 'self-managed',
): Promise<void> {
  const place = { projectId: 'acme-edge', region: 'us-south1', zone: 'us-south1-a', ...gcp };
  await world.create('Location', name, { spec: { locationClassName, topology: {}, provider: { gcp: place } } });
}

test('a location is ready when Google knows its place, and else says what is wrong', async () => {
  const world = await gcpWorld();
  await createLocation(world, 'good', {});
  await createLocation(world, 'zone', { zone: 'us-south1-z' });
  await createLocation(world, 'region', { region: 'mars-north1' });
  await createLocation(world, 'other', { region: 'us-west1' });
  await createLocation(world, 'foreign', {}, 'datum-managed');
  const expected = {
    good: 'True ProviderVerified',
    zone: 'False ZoneNotFound',
    region: 'False RegionNotFound',
    other: 'False ZoneNotInRegion',
  };
  for (const [name, condition] of Object.entries(expected))
    await world.eventually('Location', name, (one) => conditionText(one, 'Ready') === condition);
  const [foreign] = (await world.eventuallyAll('Location', () => true)).filter(
    ({ metadata }) => metadata.name === 'foreign',
  );
  expect(conditionText(foreign, 'Ready')).toBe('Unknown Pending');
});

test.each([
  ['forbidden', 403, 'PermissionDenied'],
  ['accessNotConfigured', 403, 'ApiNotEnabled'],
  ['backendError', 503, 'ProviderUnreachable'],
])('a place that cannot be verified for %s says so, until it can', async (reason, status, shown) => {
  const world = await gcpWorld();
  await addFault(world, { path: '/zones/', count: 3, fault: { kind: 'http', status, reason } });
  await createLocation(world, 'here', {});
  await world.eventually('Location', 'here', (one) => conditionText(one, 'Ready') === `False ${shown}`);
  await world.eventually('Location', 'here', (one) => conditionText(one, 'Ready') === 'True ProviderVerified');
});

async function control(world: GcpWorld, path: string, body: object): Promise<void> {
  const response = await fetch(`${world.gcpControl}${path}`, { method: 'PUT', body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
}

test('an API that is off is told with the command that turns it on, until it is on', async () => {
  const world = await gcpWorld();
  await control(world, '/_emu/projects', {
    project: 'acme-edge',
    disabledServices: ['monitoring.googleapis.com', 'secretmanager.googleapis.com'],
  });
  await createLocation(world, 'here', {});
  const off = await world.eventually(
    'Location',
    'here',
    (one) => conditionText(one, 'Ready') === 'False ApiNotEnabled',
  );
  expect(messageOf(off, 'Ready')).toContain(
    'gcloud services enable monitoring.googleapis.com secretmanager.googleapis.com --project acme-edge',
  );
  await control(world, '/_emu/projects', { project: 'acme-edge', disabledServices: [] });
  await world.eventually('Location', 'here', (one) => conditionText(one, 'Ready') === 'True ProviderVerified');
});

test('a quota that is used up is told beside Ready', async () => {
  const world = await gcpWorld();
  await control(world, '/_emu/quotas', { project: 'acme-edge', region: 'us-south1', metric: 'CPUS', limit: 0 });
  await createLocation(world, 'here', {});
  const full = await world.eventually(
    'Location',
    'here',
    (one) => conditionText(one, 'QuotaAvailable') === 'False QuotaExceeded',
  );
  expect(messageOf(full, 'QuotaAvailable')).toContain('CPUS 0 of 0');
  expect(conditionText(full, 'Ready')).toBe('True ProviderVerified');
  await createLocation(world, 'west', { region: 'us-west1', zone: 'us-west1-a' });
  await world.eventually('Location', 'west', (one) => conditionText(one, 'QuotaAvailable') === 'True QuotaAvailable');
});

import { expect, test } from 'vitest';
import { PROJECT, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;
const METRIC = 'metric.type = "compute.googleapis.com/instance/cpu/utilization"';

test('CPU use is told per machine and minute, newest first, aligned and reduced as asked', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, monitoring, control } = emulator;
  await makeSubnet(emulator);
  for (const name of ['web-a', 'web-b', 'db']) {
    await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody(name) });
  }
  const setCpu = (name: string, cpu: number) =>
    control('POST', '/_emu/guest', { instance: `projects/${project}/zones/${ZONE}/instances/${name}`, cpu });
  await setCpu('web-a', 0.2);
  await setCpu('web-b', 0.6);
  await control('POST', '/_emu/time/advance', { ms: 3 * 60_000 });
  await setCpu('web-a', 0.4);
  await control('POST', '/_emu/time/advance', { ms: 2 * 60_000 });
  const { nowMs } = await control('GET', '/_emu/time');
  const list = async (filter: string, more: object = {}) => {
    const { data } = await monitoring.projects.timeSeries.list({
      name: `projects/${project}`,
      filter,
      'interval.startTime': new Date(nowMs - 5 * 60_000).toISOString(),
      'interval.endTime': new Date(nowMs).toISOString(),
      ...more,
    });
    return data.timeSeries ?? [];
  };
  const all = await list(METRIC);
  expect(all).toHaveLength(3);
  const [a] = await list(`${METRIC} AND metric.labels.instance_name = "web-a"`);
  expect(a).toMatchObject({
    metricKind: 'GAUGE',
    valueType: 'DOUBLE',
    resource: { type: 'gce_instance', labels: { zone: ZONE } },
  });
  const values = a?.points?.map(({ value }) => value?.doubleValue) ?? [];
  expect([values[0], values.at(-1)]).toEqual([0.4, 0.2]);
  const [mean] = await list(`${METRIC} AND metric.labels.instance_name = starts_with("web-")`, {
    'aggregation.alignmentPeriod': '300s',
    'aggregation.perSeriesAligner': 'ALIGN_MAX',
    'aggregation.crossSeriesReducer': 'REDUCE_MEAN',
  });
  expect(mean?.points?.map(({ value }) => value?.doubleValue)).toEqual([0.5]);
  expect(mean?.metric?.labels).toBeUndefined();
});

test('a machine that does not run has nothing to tell, and filters must name the metric', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, monitoring, control } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  await control('POST', '/_emu/time/advance', { ms: 60_000 });
  await compute.instances.stop({ project, zone: ZONE, instance: 'vm' });
  const { nowMs } = await control('GET', '/_emu/time');
  const list = (filter: string) =>
    monitoring.projects.timeSeries.list({
      name: `projects/${project}`,
      filter,
      'interval.endTime': new Date(nowMs).toISOString(),
    });
  expect((await list(METRIC)).data.timeSeries).toBeUndefined();
  expect((await failureOf(list('resource.type = "gce_instance"'))).status).toBe(400);
  expect((await failureOf(list('metric.type = "compute.googleapis.com/instance/uptime"'))).status).toBe(501);
});

import type { GcpClient } from './client.ts';

/** How far back samples are looked for: Google needs up to four minutes until it shows one. */
const windowMs = 5 * 60_000;
const samplePeriod = '60s';
const pageSize = 10_000;

/**
 * The part of its processors that each of our machines in a project used last, from 0 to 1, by the machine's name; one call for
 * each ten thousand samples. Machines without a sample in the last five minutes are left out. Throws GcpError.
 */
async function readCpuUse(
  { monitoring }: GcpClient,
  account: string,
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const uses = new Map<string, number>();
  let pageToken: string | undefined;
  do {
    const { data } = await monitoring.projects.timeSeries.list({
      name: `projects/${account}`,
      filter:
        'metric.type = "compute.googleapis.com/instance/cpu/utilization" AND ' +
        'metric.labels.instance_name = starts_with("instance-")',
      'interval.startTime': new Date(nowMs - windowMs).toISOString(),
      'interval.endTime': new Date(nowMs).toISOString(),
      'aggregation.alignmentPeriod': samplePeriod,
      'aggregation.perSeriesAligner': 'ALIGN_MEAN',
      fields: 'nextPageToken,timeSeries(metric/labels,points/value/doubleValue)',
      pageSize,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    for (const { metric, points } of data.timeSeries ?? []) {
      const name = metric?.labels?.['instance_name'];
      // Newest first. A series may go on in the next page: what it began with counts.
      const use = points?.[0]?.value?.doubleValue;
      if (name && typeof use === 'number' && !uses.has(name)) uses.set(name, use);
    }
    pageToken = data.nextPageToken || undefined;
  } while (pageToken !== undefined);
  return uses;
}

/** The same, read at most once a minute for each project, however many ask. */
export function cpuUseReader(
  client: GcpClient,
): (account: string, nowMs: number) => Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, { readonly minute: number; readonly uses: Promise<ReadonlyMap<string, number>> }>();
  return (account, nowMs) => {
    const minute = Math.floor(nowMs / 60_000);
    const entry = known.get(account);
    if (entry?.minute === minute) return entry.uses;
    const uses = readCpuUse(client, account, nowMs);
    known.set(account, { minute, uses });
    return uses;
  };
}

import { startServer, stopServer } from '../../test/clients/support/server.ts';
import { measureFlood, mostPeakMb } from '../../test/support/flood/measure-flood.ts';
import { row, type Row } from '../support/row.ts';

const floodMs = 60_000;

/** What one identity's flood of both doors, for a minute, costs another one. */
export async function measure(): Promise<Row[]> {
  const server = await startServer();
  try {
    const { beforeMb, failures, peakMb, times } = await measureFlood(server, floodMs);
    return [
      row('p99 of another identity, GraphQL, of its quiet value', times.graphql, '×', { atMost: 3 }),
      row('p99 of another identity, Kubernetes, of its quiet value', times.kubernetes, '×', { atMost: 3 }),
      row('failed requests of the other', failures.length, '', { atMost: 0 }),
      row('memory taken at worst', peakMb - beforeMb, 'MB', { atMost: mostPeakMb }),
    ];
  } finally {
    await stopServer(server);
  }
}

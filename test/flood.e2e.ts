import { expect, it } from 'vitest';
import { serverOfFile } from './clients/support/server.ts';
import { measureFlood, mostPeakMb } from './support/flood/measure-flood.ts';
import { sized } from './support/scale.ts';

const server = serverOfFile();
const floodMs = sized(60_000, { full: 20_000, quick: 10_000 });

// How much slower the other becomes is a matter of the bench: npm run bench flood.
it(
  'one identity that asks for everything at both doors is refused, another goes on, and memory stays bounded',
  { timeout: 120_000 + floodMs * 4 },
  async () => {
    const { beforeMb, counts, failures, peakMb } = await measureFlood(server(), floodMs);
    expect(failures.slice(0, 10)).toEqual([]);
    // The flood was one, and was refused.
    expect(Object.entries(counts).filter(([what]) => what.endsWith(' 429')).length).toBeGreaterThan(3);
    expect(counts['idle graphql opened'] ?? 0).toBeGreaterThan(50);
    expect(peakMb - beforeMb).toBeLessThan(mostPeakMb);
    expect(server().launched.process.exitCode).toBeNull();
  },
);

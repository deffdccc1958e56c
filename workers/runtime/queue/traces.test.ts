import { describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { noRedis, testRedis } from '../../../test/support/redis.ts';
import { openQueues } from './open-queues.ts';
import type { QueueLocation, TraceNotes } from './queues.ts';

async function notesIn(location: QueueLocation): Promise<TraceNotes> {
  const queues = await openQueues(location);
  onTestFinished(() => queues.close());
  return queues.traces;
}

const places = {
  Postgres: async () => notesIn({ postgresUrl: await testDatabase() }),
  Redis: async () => notesIn({ redisUrl: await testRedis() }),
};

for (const [place, open] of Object.entries(places)) {
  describe.skipIf(place === 'Redis' && noRedis !== undefined)(`notes of traces in ${place}`, () => {
    it('are kept by controller and key, in order, until they are taken', async () => {
      const notes = await open();
      await notes.note('network', new Map([['p//n/a', ['1']]]));
      await notes.note(
        'network',
        new Map([
          ['p//n/a', ['2', '3']],
          ['p//n/b', ['4']],
        ]),
      );
      await notes.note('subnet', new Map([['p//n/a', ['5']]]));
      expect(await notes.take('network', 'p//n/a')).toEqual(['1', '2', '3']);
      expect(await notes.take('network', 'p//n/a')).toEqual([]);
      expect(await notes.take('network', 'p//n/b')).toEqual(['4']);
      expect(await notes.take('subnet', 'p//n/a')).toEqual(['5']);
    });

    it('are no more than the newest 16', async () => {
      const notes = await open();
      const all = Array.from({ length: 40 }, (_, index) => String(index));
      await notes.note('network', new Map([['k', all.slice(0, 10)]]));
      for (const one of all.slice(10)) await notes.note('network', new Map([['k', [one]]]));
      expect(await notes.take('network', 'k')).toEqual(all.slice(-16));
    });
  });
}

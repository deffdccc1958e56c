import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** How often the rows that somebody follows are looked at, in ms; all of a process in one statement. */
const lookEveryMs = 500;

/** What has changed of what was made for objects, for those who follow. */
export interface CloudChanges {
  /** Comes at once, and then after every change of what was made for an object, until the signal is aborted. */
  follow(ownerUid: string, signal: AbortSignal): AsyncGenerator<void, void>;
}

/**
 * Follows what was made in clouds. These rows are written by provider calls, many a second, and are in no change log: while
 * anybody follows, one statement for all of them asks Postgres which rows have other versions than at the last look.
 */
export function createCloudChanges(pool: Pool): CloudChanges {
  const followed = new Map<string, Set<(version: string) => void>>();
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      for (; followed.size > 0; await sleep(lookEveryMs)) {
        const versions = await readVersions([...followed.keys()]).catch(() => undefined);
        // Away now, there again later: whoever follows hears of it then.
        if (versions === undefined) continue;
        for (const [uid, tell] of followed) for (const each of tell) each(versions.get(uid) ?? '');
      }
    } finally {
      isLooking = false;
    }
  }

  async function readVersions(uids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await pool.query<{ owner_uid: string; version: string }>({
      name: 'cloud versions',
      text: `select owner_uid, md5(string_agg(ctid::text || xmin::text, ' ' order by ctid)) as version
             from cloud_resource where owner_uid = any($1) group by owner_uid`,
      values: [uids],
    });
    return new Map(rows.map(({ owner_uid: uid, version }) => [uid, version]));
  }

  return {
    async *follow(ownerUid, signal) {
      let seen: string | undefined;
      let told: string | undefined;
      // What is there at first is the caller's to read; the first look may tell of it again.
      yield;
      let wake = (): void => {};
      const tell = (version: string): void => {
        seen = version;
        wake();
      };
      const others = followed.get(ownerUid) ?? new Set();
      followed.set(ownerUid, others.add(tell));
      const stop = (): void => wake();
      signal.addEventListener('abort', stop);
      void look();
      try {
        while (!signal.aborted) {
          if (seen !== told) {
            told = seen;
            yield;
          } else
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (seen !== told || signal.aborted) resolve();
            });
        }
      } finally {
        signal.removeEventListener('abort', stop);
        others.delete(tell);
        if (others.size === 0) followed.delete(ownerUid);
      }
    },
  };
}

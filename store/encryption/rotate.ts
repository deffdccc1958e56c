import { setTimeout as sleep } from 'node:timers/promises';
import { durably } from '../credentials/durably.ts';
import { addDataKey, rewrapDataKeys, storedKeys } from './data-keys.ts';
import type { KeyProvider } from './key-provider.ts';
import {
  resealAnswers,
  resealChanges,
  type ResealedPage,
  resealObjects,
  type ResealParts,
  resealSigningKeys,
} from './reseal-pages.ts';
import { boxTimes } from './secret-box.ts';

/** What a rotation tells of itself. */
export type RotationStep =
  | { readonly step: 'wrapped'; readonly keys: number }
  | { readonly step: 'switching'; readonly keyId: string; readonly waitMs: number; readonly resumed: boolean }
  | { readonly step: 'sealing'; readonly what: string; readonly seen: number; readonly resealed: number }
  | { readonly step: 'done'; readonly retired: readonly string[]; readonly deletedAfterMs: number };

export interface RotationTimes {
  /** From when a data key is made until it seals. */
  readonly switchMs: number;
  /** How long keys are kept that nothing is sealed with any more: whoever seals with one has read it within `staleMs`. */
  readonly retireMs: number;
}

const rotationTimes: RotationTimes = { switchMs: boxTimes.switchMs, retireMs: 3 * boxTimes.staleMs };

const tables: readonly {
  readonly what: string;
  readonly start: readonly string[];
  readonly page: (parts: ResealParts, after: readonly string[]) => Promise<ResealedPage>;
}[] = [
  { what: 'objects', start: ['', '', '', ''], page: resealObjects },
  { what: 'changes', start: ['0'], page: resealChanges },
  { what: 'first answers', start: ['', '', ''], page: resealAnswers },
  { what: 'signing keys', start: [''], page: resealSigningKeys },
];

/**
 * Wraps all data keys with the newest key of the first provider, makes a new data key, and seals everything with it: objects, the change
 * log, first answers to idempotency keys, signing keys. Others read and write meanwhile. One that was cut short is gone on
 * with by the next call. The old keys are deleted by the product after `retireMs`.
 */
export async function rotateSecrets(
  parts: ResealParts & { readonly providers: readonly KeyProvider[] },
  onStep: (step: RotationStep) => void,
  times: RotationTimes = rotationTimes,
): Promise<void> {
  const { pool, box, providers } = parts;
  const [provider] = providers;
  if (provider === undefined) throw new Error('there is no key provider');
  onStep({ step: 'wrapped', keys: await rewrapDataKeys(pool, providers) });

  const newestOf = async () => (await storedKeys(pool)).findLast(({ purpose }) => purpose === 'seal');
  const before = await newestOf();
  const resumed = before?.rotating === true;
  if (!resumed)
    await addDataKey(pool, provider, {
      purpose: 'seal',
      after: before?.id,
      startsInMs: times.switchMs,
      rotating: true,
    });
  const fresh = await newestOf();
  if (fresh === undefined) throw new Error('there is no data key');
  const waitMs = Math.max(0, Math.ceil(fresh.startsInMs));
  onStep({ step: 'switching', keyId: fresh.id, waitMs, resumed });
  await box.refresh();
  await sleep(waitMs);
  // By the clock of the database, from which this one may differ.
  while (box.sealingKey() !== fresh.id) {
    await sleep(100);
    await box.refresh();
  }

  // Writes that were under way when the key changed show in the next pass.
  while ((await resealAll(parts, onStep)) > 0);
  const { rows } = await durably<{ id: string }>(
    pool,
    `with old as (
       update data_key set retire_at = now() + make_interval(secs => $2)
       where purpose = 'seal' and retire_at is null and active_from < (select active_from from data_key where id = $1)
       returning id
     ), through as (update data_key set rotating = false where id = $1)
     select id from old`,
    [fresh.id, times.retireMs / 1000],
  );
  onStep({ step: 'done', retired: rows.map(({ id }) => id), deletedAfterMs: times.retireMs });
}

/** One pass over everything; answers how many rows had to change. */
async function resealAll(parts: ResealParts, onStep: (step: RotationStep) => void): Promise<number> {
  let changed = 0;
  for (const { what, start, page } of tables) {
    let seen = 0;
    let resealed = 0;
    for (let after: readonly string[] | undefined = start; after !== undefined;) {
      const done: ResealedPage = await page(parts, after);
      seen += done.rows;
      resealed += done.resealed;
      after = done.last;
      onStep({ step: 'sealing', what, seen, resealed });
    }
    changed += resealed;
  }
  return changed;
}

import type { Pool } from 'pg';
import type { Kind } from '../kinds/kind.ts';
import { StoreError } from './errors.ts';
import type { Flush } from './flush.ts';
import type { ChangeLog } from './log/change-log.ts';
import type { FindKind } from './log/rows.ts';
import type { LimitedProjects } from './quota/within-limits.ts';
import type { Read } from './read.ts';
import type { Recent } from './recent.ts';
import type { SecretBox } from './encryption/secret-box.ts';
import type { Write } from './write.ts';

/** What the verbs of the store share. */
export interface StoreCore {
  readonly pool: Pool;
  readonly log: ChangeLog;
  readonly flush: Flush;
  readonly read: Read;
  readonly write: Write;
  readonly recent: Recent;
  readonly limited: LimitedProjects;
  readonly box: SecretBox;
  readonly findKind: FindKind;
  readonly now: () => Date;
}

/** The kind of an id. Throws NotFound for one that is not known. */
export function kindOf(core: StoreCore, id: string): Kind {
  const kind = core.findKind(id);
  if (kind === undefined) throw new StoreError('NotFound', `there is no kind ${id}`, { object: { kind: id } });
  return kind;
}

/** Waits until what was read is safe on disk: mostly it is. */
export async function settled({ log }: StoreCore, revision: bigint): Promise<void> {
  if (revision > log.flushed()) await log.settled(revision);
}

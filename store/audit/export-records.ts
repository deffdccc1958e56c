import type { Pool } from 'pg';
import { ofProject } from './verify.ts';

/** A record as it leaves: `text` is exactly what was hashed. */
export interface ExportedRecord {
  readonly hash: string;
  readonly text: string;
}

/** Where a chain ends: kept elsewhere, it shows that records before it were changed or cut off. */
export interface Anchor {
  readonly project: string;
  readonly sequence: number;
  /** Hexadecimal. */
  readonly hash: string;
}

export interface ExportOptions {
  /** Name of a project or of its control plane; absent: all. */
  readonly project?: string | undefined;
  readonly since?: Date | undefined;
  /** Not included. */
  readonly until?: Date | undefined;
}

const pageRows = 1000;

/** All records of a selection, chain by chain. */
export async function* exportRecords(
  pool: Pool,
  { project, since, until }: ExportOptions,
): AsyncGenerator<readonly ExportedRecord[], void> {
  for (let after = { project: '', seq: '0' }; ;) {
    const { rows } = await pool.query<{ project: string; seq: string; hash: Buffer; record: string }>(
      `select project, seq, hash, record from audit_record
       where ${ofProject} and (project, seq) > ($2, $3)
         and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
       order by project, seq limit $6`,
      [project ?? null, after.project, after.seq, since ?? null, until ?? null, pageRows],
    );
    yield rows.map(({ hash, record }) => ({ hash: hash.toString('hex'), text: record }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last;
  }
}

/** The ends of all chains, or of those of a project. */
export async function anchorsOf(pool: Pool, project?: string): Promise<Anchor[]> {
  const { rows } = await pool.query<{ project: string; seq: string; hash: Buffer }>(
    `select project, seq, hash from audit_chain where ${ofProject} order by project`,
    [project ?? null],
  );
  return rows.map(({ project: name, seq, hash }) => ({
    project: name,
    sequence: Number(seq),
    hash: hash.toString('hex'),
  }));
}

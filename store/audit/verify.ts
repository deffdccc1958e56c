import type { Pool, PoolClient } from 'pg';
import type { SecretBox } from '../encryption/secret-box.ts';
import { projectOf } from '../control-plane.ts';
import { chained, type ChainPoint, genesis, vouches } from './chain.ts';
import type { AuditRecord } from './record.types.ts';

/** Something wrong with a chain. */
export interface Fault {
  readonly project: string;
  /** Where it shows first. */
  readonly sequence: bigint;
  readonly fault: string;
}

/** What verification found of a chain. */
export interface Verified {
  readonly project: string;
  readonly records: number;
  readonly first: bigint;
  readonly last: ChainPoint;
  readonly faults: readonly Fault[];
}

/** Ends of chains that were kept elsewhere: hash by project and sequence. */
export type Anchors = ReadonlyMap<string, ReadonlyMap<bigint, Buffer>>;

interface ChainRow {
  project: string;
  seq: string;
  hash: Buffer;
  code: Buffer;
  floor_seq: string;
  floor_hash: Buffer | null;
  floor_code: Buffer | null;
}

interface RecordRow {
  seq: string;
  hash: Buffer;
  record: string;
  at: Date;
  actor: string;
  verb: string;
  allowed: boolean;
  kind: string;
  namespace: string;
  name: string;
  uid: string | null;
}

const pageRows = 1000;
const maxFaults = 20;

/** Whether a row is of the project that is asked for: `$1`, by its name or that of its control plane. */
export const ofProject = `($1::text is null or project = $1 or split_part(project, '.', 1) = $1)`;

/**
 * Reads the chains of all projects, or of one, and finds what was changed, removed, put in or moved since it was written. What
 * was cut off at the end, code and all, shows by an anchor only.
 */
export async function* verifyAudit(
  pool: Pool,
  box: SecretBox,
  options: VerifyOptions = {},
): AsyncGenerator<Verified, void> {
  const client = await pool.connect();
  try {
    // Chains grow meanwhile; all of them are seen as they are now.
    await client.query('begin isolation level repeatable read read only');
    yield* verifyChains(client, box, options);
  } finally {
    client.release(true);
  }
}

export interface VerifyOptions {
  /** Name of a project or of its control plane; absent: all of them. */
  readonly project?: string | undefined;
  readonly anchors?: Anchors | undefined;
}

async function* verifyChains(
  client: PoolClient,
  box: SecretBox,
  options: VerifyOptions,
): AsyncGenerator<Verified, void> {
  const { rows } = await client.query<ChainRow>(
    `select project, seq, hash, code, floor_seq, floor_hash, floor_code from audit_chain
     where ${ofProject} order by project`,
    [options.project ?? null],
  );
  const known = new Set(rows.map(({ project }) => project));
  for (const row of rows) yield verifyChain(client, box, row, options.anchors?.get(row.project));
  for (const [project, anchors] of options.anchors ?? [])
    if (!known.has(project) && [undefined, project, projectOf(project)].includes(options.project))
      yield withoutChain(project, [...anchors.keys()][0] ?? 0n, 'the chain of an anchor is gone');
  const { rows: strays } = await client.query<{ project: string; seq: string }>(
    `select distinct on (project) project, seq from audit_record r
     where not exists (select from audit_chain c where c.project = r.project) and ${ofProject}
     order by project, seq`,
    [options.project ?? null],
  );
  for (const { project, seq } of strays) yield withoutChain(project, BigInt(seq), 'records without a chain');
}

function withoutChain(project: string, sequence: bigint, fault: string): Verified {
  const last = { project, sequence: 0n, hash: genesis(project) };
  return { project, records: 0, first: 1n, last, faults: [{ project, sequence, fault }] };
}

async function verifyChain(
  client: PoolClient,
  box: SecretBox,
  row: ChainRow,
  anchors: ReadonlyMap<bigint, Buffer> = new Map(),
): Promise<Verified> {
  const { project } = row;
  const faults: Fault[] = [];
  const fault = (sequence: bigint, text: string): void => {
    if (faults.length < maxFaults) faults.push({ project, sequence, fault: text });
  };
  const floor: ChainPoint = { project, sequence: BigInt(row.floor_seq), hash: row.floor_hash ?? genesis(project) };
  if (floor.sequence > 0n && !vouches(box, 'floor', floor, row.floor_code))
    fault(floor.sequence, 'nobody vouches for where the chain begins: records before were removed, or it was moved');

  const anchorOfFloor = anchors.get(floor.sequence);
  if (anchorOfFloor !== undefined && !anchorOfFloor.equals(floor.hash))
    fault(floor.sequence, 'the chain begins with another record than the anchor names');

  let at = floor;
  let records = 0;
  for (;;) {
    const { rows } = await client.query<RecordRow>(
      `select seq, hash, record, at, actor, verb, allowed, kind, namespace, name, uid from audit_record
       where project = $1 and seq > $2 order by seq limit $3`,
      [project, String(at.sequence), pageRows],
    );
    for (const found of rows) {
      const sequence = BigInt(found.seq);
      if (sequence !== at.sequence + 1n) fault(at.sequence + 1n, `records up to ${sequence - 1n} are missing`);
      else if (!chained(at.hash, found.record).equals(found.hash)) fault(sequence, 'it, or one before it, was changed');
      const wrong = wrongColumn(project, found);
      if (wrong !== undefined) fault(sequence, `the column ${wrong} does not say what the record says`);
      const anchor = anchors.get(sequence);
      if (anchor !== undefined && !anchor.equals(found.hash))
        fault(sequence, 'it is not the one that the anchor names');
      // What is right in itself is not blamed for what comes before.
      at = { project, sequence, hash: found.hash };
      records += 1;
    }
    if (rows.length < pageRows) break;
  }

  const end: ChainPoint = { project, sequence: BigInt(row.seq), hash: row.hash };
  if (at.sequence !== end.sequence) fault(at.sequence, `the chain ends here and not at ${end.sequence}`);
  else if (!at.hash.equals(end.hash)) fault(at.sequence, 'the last record is not the end of the chain');
  if (!vouches(box, 'end', end, row.code)) fault(end.sequence, 'nobody vouches for the end of the chain');
  const beyond = [...anchors.keys()].find((sequence) => sequence > at.sequence);
  if (beyond !== undefined) fault(beyond, 'the chain ends before an anchor');
  return { project, records, first: floor.sequence + 1n, last: at, faults };
}

/** The first column that differs from the record, which is what is hashed. */
function wrongColumn(project: string, row: RecordRow): string | undefined {
  let record: AuditRecord;
  try {
    record = JSON.parse(row.record) as AuditRecord;
  } catch {
    return 'record';
  }
  const said: Record<string, unknown> = {
    project: record.project,
    seq: String(record.sequence),
    at: new Date(record.time).getTime(),
    actor: record.user,
    verb: record.verb,
    allowed: record.allowed,
    kind: record.kind ?? '',
    namespace: record.namespace ?? '',
    name: record.name ?? '',
    uid: record.objectUid ?? null,
  };
  const stored: Record<string, unknown> = { ...row, project, at: row.at.getTime() };
  return Object.keys(said).find((column) => said[column] !== stored[column]);
}

import type { PoolClient } from 'pg';
import type { SecretBox } from '../encryption/secret-box.ts';
import { textArray } from '../text-array.ts';
import { chained, type ChainPoint, codeOf, genesis } from './chain.ts';
import type { AuditRecord, UnchainedRecord } from './record.types.ts';

/** A record and the project in whose chain it belongs. */
export interface PlacedRecord {
  readonly project: string;
  readonly record: UnchainedRecord;
}

const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;

/** Adds records to the ends of their chains, in the transaction of `client`. */
export async function addToChains(client: PoolClient, box: SecretBox, records: readonly PlacedRecord[]): Promise<void> {
  if (records.length === 0) return;
  const ends = await lockEnds(client, [...new Set(records.map(({ project }) => project))].toSorted());
  const rows = records.map(({ project, record }) => {
    const end = ends.get(project) ?? { project, sequence: 0n, hash: genesis(project) };
    const sequence = end.sequence + 1n;
    const text = JSON.stringify({ project, sequence: Number(sequence), ...record } satisfies AuditRecord);
    const hash = chained(end.hash, text);
    ends.set(project, { project, sequence, hash });
    const { time, user, verb, allowed, kind = '', namespace = '', name = '', objectUid = null } = record;
    return [
      project,
      String(sequence),
      hex(hash),
      text,
      time,
      user,
      verb,
      String(allowed),
      kind,
      namespace,
      name,
      objectUid,
    ];
  });
  await client.query({
    name: 'audit-append',
    text: `insert into audit_record (project, seq, hash, record, at, actor, verb, allowed, kind, namespace, name, uid)
      select project, seq::bigint, hash::bytea, record, at::timestamptz, actor, verb, allowed::boolean, kind, namespace, name, uid::uuid
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::text[], $12::text[]) as r (project, seq, hash, record, at, actor, verb, allowed, kind, namespace, name, uid)`,
    values: columnsOf(rows),
  });
  await client.query({
    name: 'audit-ends',
    text: `insert into audit_chain (project, seq, hash, code)
      select project, seq::bigint, hash::bytea, code::bytea
      from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as e (project, seq, hash, code)
      on conflict (project) do update set seq = excluded.seq, hash = excluded.hash, code = excluded.code`,
    values: columnsOf(
      [...ends.values()].map((end) => [end.project, String(end.sequence), hex(end.hash), hex(codeOf(box, 'end', end))]),
    ),
  });
}

async function lockEnds(client: PoolClient, projects: readonly string[]): Promise<Map<string, ChainPoint>> {
  const { rows } = await client.query<{ project: string; seq: string; hash: Buffer }>(
    'select project, seq, hash from audit_chain where project = any ($1) order by project for update',
    [projects],
  );
  return new Map(rows.map(({ project, seq, hash }) => [project, { project, sequence: BigInt(seq), hash }]));
}

function columnsOf(rows: readonly (readonly (string | null)[])[]): Buffer[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => textArray(rows.map((row) => row[column] ?? null)));
}

import { appendAudit } from '../../store/audit/append.ts';
import type { AuditRecord } from '../../store/audit/record.types.ts';
import { type Fault, verifyAudit, type VerifyOptions } from '../../store/audit/verify.ts';
import type { TestStore } from './store.ts';

type Audited = Pick<TestStore, 'pool' | 'box' | 'registry'>;

/** Writes audit of all that happened so far. */
export async function writeAllAudit({ pool, box, registry }: Audited): Promise<void> {
  while (await appendAudit({ pool, box, findKind: registry.byId }));
}

/** What audit says of a project, in order. */
export async function auditOf({ pool }: Audited, project = 'default'): Promise<AuditRecord[]> {
  const { rows } = await pool.query<{ record: string }>(
    'select record from audit_record where project = $1 order by seq',
    [project],
  );
  return rows.map(({ record }) => JSON.parse(record) as AuditRecord);
}

/** What is wrong with the chains. */
export async function faultsOf({ pool, box }: Audited, options?: VerifyOptions): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for await (const chain of verifyAudit(pool, box, options)) faults.push(...chain.faults);
  return faults;
}

import type { Pool } from 'pg';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { parseQuantity } from '../../kinds/quantity.ts';
import { projectOf } from '../control-plane.ts';
import { type ExceededLimit, StoreError } from '../errors.ts';
import { exactAmount, shownAmount } from './amounts.ts';
import type { Costs } from './costs.ts';

interface LimitRow {
  readonly quota: string;
  readonly resource: string;
  readonly counts: string;
  readonly hard: string;
  readonly used: string;
}

/** The limits that these costs would exceed now. */
export async function exceededLimits(
  pool: Pool,
  {
    project,
    after,
    before,
  }: { readonly project: string; readonly after?: Resource | undefined; readonly before?: Resource | undefined },
  costs: Costs,
): Promise<ExceededLimit[]> {
  const { namespace = '' } = (after ?? before)?.metadata ?? {};
  const { rows } = await pool.query<LimitRow>({
    name: 'quota-limits-of',
    text: `select quota, resource, counts, hard::text as hard, used::text as used from quota_limit
           where project = $1 and namespace in ('', $2) and counts = any($3) order by namespace desc, quota, resource`,
    values: [project, namespace, Object.keys(costs)],
  });
  return rows.flatMap((row) => {
    const requested = costs[row.counts] ?? 0;
    const asked = exactAmount(requested) ?? '0';
    const isExceeded = requested > 0 && nanos(row.used) + nanos(asked) > nanos(row.hard);
    return isExceeded ? [exceeded({ ...row, project, requested: asked })] : [];
  });
}

/** A limit that is exceeded, as it is shown. */
export function exceeded({
  project,
  quota,
  resource,
  counts,
  hard,
  used,
  requested,
}: LimitRow & { readonly project: string; readonly requested: string }): ExceededLimit {
  return {
    quota: quota === '' ? `project ${projectOf(project)}` : quota,
    resource,
    requested: shownAmount(counts, requested),
    used: shownAmount(counts, used),
    limit: shownAmount(counts, hard),
  };
}

/** The refusal of a write that would exceed limits. */
export function quotaError(kind: Kind, object: Resource | undefined, limits: readonly ExceededLimit[]): StoreError {
  const name = object?.metadata.name ?? '';
  const about = `${kind.plural}${kind.group && `.${kind.group}`} ${JSON.stringify(name)}`;
  return new StoreError('QuotaExceeded', `${about} is forbidden: ${exceededText(limits)}`, {
    limits,
    object: { kind: kind.id, name },
  });
}

/** What is exceeded, in Kubernetes' words. */
export function exceededText(limits: readonly ExceededLimit[]): string {
  return [...Map.groupBy(limits, ({ quota }) => quota)]
    .map(([quota, of]) => {
      const list = (part: 'requested' | 'used' | 'limit'): string =>
        of.map((one) => `${one.resource}=${one[part]}`).join(',');
      return `exceeded quota: ${quota}, requested: ${list('requested')}, used: ${list('used')}, limited: ${list('limit')}`;
    })
    .join('; ');
}

function nanos(amount: string): bigint {
  return parseQuantity(amount) ?? 0n;
}

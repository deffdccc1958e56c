import type { Pool } from 'pg';
import { shownAmount } from './amounts.ts';

/** Whose limits: of a ResourceQuota by namespace and name, or with both empty those of a whole project. */
export interface QuotaScope {
  /** Control plane. */
  readonly project: string;
  readonly namespace: string;
  readonly quota: string;
}

/** Limits and what is used of them, as quantities by what the quota names. */
export interface QuotaUse {
  readonly hard: Record<string, string>;
  readonly used: Record<string, string>;
}

/** What is known of limits, for those who show it. */
export interface Quotas {
  use(scope: QuotaScope): Promise<QuotaUse>;
  /**
   * Names of the quotas of a namespace, the empty one for limits on the whole project where `namespace` is empty, or for a
   * control plane that is being taken down. At most a second old.
   */
  namesIn(project: string, namespace: string): Promise<readonly string[]>;
  /** Forgets what `namesIn` remembers: a quota has come. */
  forget(): void;
}

const maxAgeMs = 1000;

export function createQuotas(pool: Pool): Quotas {
  let known: { readonly names: Promise<ReadonlyMap<string, readonly string[]>>; readonly atMs: number } | undefined;

  async function read(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { rows } = await pool.query<QuotaScope>({
      name: 'quota-scopes',
      text: 'select distinct project, namespace, quota from quota_limit',
    });
    const byPlace = Map.groupBy(rows, ({ project, namespace }) => `${project}/${namespace}`);
    return new Map([...byPlace].map(([place, scopes]) => [place, scopes.map(({ quota }) => quota)]));
  }

  return {
    async use({ project, namespace, quota }) {
      const { rows } = await pool.query<{ resource: string; counts: string; hard: string; used: string }>({
        name: 'quota-use',
        text: `select resource, counts, hard::text as hard, used::text as used from quota_limit
               where project = $1 and namespace = $2 and quota = $3 and counts <> 'sealed' order by resource`,
        values: [project, namespace, quota],
      });
      const shown = (part: 'hard' | 'used'): Record<string, string> =>
        Object.fromEntries(rows.map((row) => [row.resource, shownAmount(row.counts, row[part])]));
      return { hard: shown('hard'), used: shown('used') };
    },
    async namesIn(project, namespace) {
      const nowMs = performance.now();
      if (known === undefined || known.atMs + maxAgeMs < nowMs) {
        const names = read();
        known = { names, atMs: nowMs };
        names.catch(() => (known = undefined));
      }
      return (await known.names).get(`${project}/${namespace}`) ?? [];
    },
    forget() {
      known = undefined;
    },
  };
}

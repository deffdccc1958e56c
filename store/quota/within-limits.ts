import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { StoreCore } from '../context.ts';
import { projectOf } from '../control-plane.ts';
import { StoreError } from '../errors.ts';
import { costsOfChange } from './costs.ts';
import { exceededLimits, quotaError } from './exceeded.ts';
import { limitsOfChange } from './limits-of-change.ts';

/** A write, as far as limits are concerned: `after` is absent for a removal, `before` for a create. */
export interface LimitedChange {
  readonly project: string;
  readonly kind: Kind;
  readonly after?: Resource | undefined;
  readonly before?: Resource | undefined;
}

/** What a row tells of itself: what it costs, and what it does to limits. */
export type LimitColumns = readonly [costs: string | null, limits: string | null];

/** Control planes that have limits, as far as this process has met them. */
export interface LimitedProjects {
  has(project: string): boolean;
  note(project: string): void;
}

const mostProjects = 10_000;
const attempts = 16;

/** Remembers so many control planes; one that was forgotten is met again. */
export function createLimitedProjects(): LimitedProjects {
  const met = new Set<string>();
  return {
    has: (project) => met.has(project),
    note(project) {
      if (met.size >= mostProjects) met.clear();
      met.add(project);
    },
  };
}

/**
 * Writes a row within the limits that there are; answers what `write` does. The database knows the limits, and asks for the
 * costs of a row where they matter: elsewhere nobody works them out. Throws QuotaExceeded, with the numbers.
 */
export async function withinLimits(
  core: StoreCore,
  change: LimitedChange,
  write: (columns: LimitColumns) => Promise<bigint>,
): Promise<bigint> {
  const { project, kind, after, before } = change;
  const limits = limitsOfChange(project, kind, after, before) ?? null;
  for (let attempt = 1; ; attempt += 1) {
    const costs = core.limited.has(project) ? costsOfChange(kind, after, before) : undefined;
    const result = await write([costs === undefined ? null : JSON.stringify(costs), limits]);
    switch (result) {
      case -6n:
        core.limited.note(project);
        break;
      case -7n: {
        const exceeded = await exceededLimits(core.pool, change, costs ?? {});
        if (exceeded.length > 0) throw quotaError(kind, after ?? before, exceeded);
        // There is room again by now.
        break;
      }
      case -8n:
        throw new StoreError(
          'NamespaceTerminating',
          `unable to create new content in project ${projectOf(project)} because it is being terminated`,
          { object: { kind: kind.id } },
        );
      default:
        return result;
    }
    if (attempt >= attempts) throw new StoreError('Unavailable', 'limits change too fast; try again');
  }
}

import type { Key, Resource } from '../../kinds/object.ts';
import { decode } from '../codec.ts';
import { kindOf, type StoreCore } from '../context.ts';
import type { Change, Revision } from '../types.ts';
import { changeOf, type ChangeRow } from './change.ts';
import { forgotten } from './forgotten.ts';
import { changeColumns } from './rows.ts';

/** Objects of a few kinds in all projects. */
export interface KindState {
  readonly objects: readonly {
    readonly project: string;
    readonly kind: string;
    readonly key: Key;
    readonly object: Resource;
  }[];
  /** Changes after this are not among them. */
  readonly revision: Revision;
}

/** A few kinds of all projects, for those who hold them in memory: reading their changes alone leaves the log to its readers. */
export interface KindLog {
  load(): Promise<KindState>;
  /**
   * Changes after a revision in commit order, all of which are safe on disk, and the revision to go on from. Throws Expired
   * when the history no longer reaches back.
   */
  after(from: Revision): Promise<{ readonly changes: readonly Change[]; readonly through: Revision }>;
}

const pageRows = 1000;

/** The log of these kinds. */
export function kindLog(core: StoreCore, kinds: readonly string[]): KindLog {
  return {
    async load() {
      const { rows } = await core.pool.query<StateRow>({ name: 'kind-state', text: stateSql, values: [kinds] });
      await core.flush();
      return {
        revision: BigInt(rows[0]?.newest ?? 0),
        objects: rows.flatMap(({ project, kind, namespace, name, object, revision }) =>
          object === null || revision === null
            ? []
            : [
                {
                  project,
                  kind,
                  key: { namespace, name },
                  object: decode(kindOf(core, kind), object, revision, core.box, { project, namespace, name }),
                },
              ],
        ),
      };
    },
    async after(from) {
      const { rows } = await core.pool.query<LogRow>({
        name: 'kind-log',
        text: logSql,
        values: [String(from), kinds, pageRows],
      });
      const floor = BigInt(rows[0]?.floor ?? 0);
      if (from < floor) throw forgotten(from, floor);
      const found = rows.filter((row) => row.revision !== null);
      const last = BigInt(found.at(-1)?.revision ?? from);
      const newest = BigInt(rows[0]?.newest ?? 0);
      await core.log.settled(last);
      const known = core.log.flushed();
      // What is not on disk yet could come again as another change.
      const safe = newest < known ? newest : known;
      const isFull = found.length === pageRows;
      return {
        changes: found.map((row) => changeOf(kindOf(core, row.kind), row, core.box)),
        through: isFull || safe < last ? last : safe,
      };
    },
  };
}

interface StateRow {
  newest: string;
  project: string;
  kind: string;
  namespace: string;
  name: string;
  object: string | null;
  revision: string | null;
}

interface LogRow extends ChangeRow {
  floor: string;
  newest: string;
}

/** From project to project by the primary key, since there is no index by kind alone. */
const stateSql = `with recursive p as (
    select min(project) as project from resource
    union all
    select (select min(project) from resource where project > p.project) from p where p.project is not null)
  select greatest(m.floor, (select max(revision) from change)) as newest, r.* from meta m left join (
    select s.project, s.kind, s.namespace, s.name, s.object::text as object, s.revision
    from p join resource s on s.project = p.project and s.kind = any($1)) r on true`;

const logSql = `select m.floor, greatest(m.floor, (select max(revision) from change)) as newest, c.* from meta m left join lateral (
    select ${changeColumns} from change where revision > $1 and kind = any($2) order by revision limit $3) c on true`;

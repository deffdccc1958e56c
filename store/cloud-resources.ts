import type { Pool } from 'pg';
import type { CloudId, CloudIntent, CloudOutcome, CloudResource, CloudResources } from './cloud-resources.types.ts';

const columns = `cloud, account, scope, type, name, project, owner_kind, owner_uid, owner_namespace, owner_name, controller, verb, state,
  request_id, planned_at, operation, spec_hash, target_id, error, attempts, retry_at, facts`;

interface Row {
  readonly cloud: string;
  readonly account: string;
  readonly scope: string;
  readonly type: string;
  readonly name: string;
  readonly project: string;
  readonly owner_kind: string;
  readonly owner_uid: string;
  readonly owner_namespace: string;
  readonly owner_name: string;
  readonly controller: string;
  readonly verb: CloudResource['verb'];
  readonly state: CloudResource['state'];
  readonly request_id: string;
  readonly planned_at: Date;
  readonly operation: string | null;
  readonly spec_hash: string | null;
  readonly target_id: string | null;
  readonly error: NonNullable<CloudResource['error']> | null;
  readonly attempts: number;
  readonly retry_at: Date | null;
  readonly facts: Record<string, string>;
}

function resourceOf(row: Row): CloudResource {
  return {
    project: row.project,
    cloud: row.cloud,
    account: row.account,
    scope: row.scope,
    type: row.type,
    name: row.name,
    ownerKind: row.owner_kind,
    ownerUid: row.owner_uid,
    ownerKey: { namespace: row.owner_namespace, name: row.owner_name },
    controller: row.controller,
    verb: row.verb,
    state: row.state,
    requestId: row.request_id,
    plannedAt: row.planned_at,
    attempts: row.attempts,
    facts: row.facts,
    ...(row.operation === null ? {} : { operation: row.operation }),
    ...(row.spec_hash === null ? {} : { specHash: row.spec_hash }),
    ...(row.target_id === null ? {} : { targetId: row.target_id }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.retry_at === null ? {} : { retryAt: row.retry_at }),
  };
}

/** Cloud resources on a migrated database. */
export function createCloudResources(pool: Pool): CloudResources {
  async function rows(name: string, text: string, values: readonly unknown[]): Promise<CloudResource[]> {
    const result = await pool.query<Row>({ name: `cloud ${name}`, text, values: [...values] });
    return result.rows.map(resourceOf);
  }

  return {
    ofOwners: (ownerUids) =>
      rows('of owners', `select ${columns} from cloud_resource where owner_uid = any($1)`, [ownerUids]),
    find: async (id) => (await rows('find', `select ${columns} from cloud_resource where ${sameId}`, idValues(id)))[0],
    running: () =>
      rows('running', `select ${columns} from cloud_resource where state = 'running' order by planned_at`, []),
    resting: (cloud) =>
      rows('resting', `select ${columns} from cloud_resource where cloud = $1 and state = 'ready'`, [cloud]),
    unannounced: (olderThanMs) =>
      rows(
        'unannounced',
        `select ${columns} from cloud_resource where not announced and changed_at < now() - make_interval(secs => $1)`,
        [olderThanMs / 1_000],
      ),
    plan: async (intent, expected) =>
      (await rows('plan', planText, [JSON.stringify(planned(intent)), expected ?? null]))[0],
    async record(requestId, outcome) {
      const values = [JSON.stringify([recorded(requestId, outcome)]), true];
      return (await rows('record', recordText, values))[0];
    },
    report: (outcomes) =>
      rows('record', recordText, [
        JSON.stringify(outcomes.map(({ requestId, outcome }) => recorded(requestId, outcome))),
        false,
      ]),
    async announced(requestIds) {
      await pool.query({
        name: 'cloud announced',
        text: 'update cloud_resource set announced = true where request_id = any($1)',
        values: [requestIds],
      });
    },
    async forget(requestId) {
      await pool.query({
        name: 'cloud forget',
        text: 'delete from cloud_resource where request_id = $1',
        values: [requestId],
      });
    },
  };
}

const sameId = 'cloud = $1 and account = $2 and scope = $3 and type = $4 and name = $5';

function idValues({ cloud, account, scope, type, name }: CloudId): string[] {
  return [cloud, account, scope, type, name];
}

/**
 * The one statement here that waits for the disk: a call must not be sent before its intent is safe. The setting holds for
 * its transaction, which is the statement itself. A row that another plan was written to since it was read is left alone.
 */
const planText = `insert into cloud_resource (${columns})
  select ${columns.replaceAll(/\b(\w+)\b/g, 'given.$1')} from json_populate_record(null::cloud_resource, $1) as given
    where set_config('synchronous_commit', 'on', true) = 'on'
  on conflict on constraint cloud_resource_pkey do update set
    project = excluded.project, owner_kind = excluded.owner_kind, owner_uid = excluded.owner_uid, owner_namespace = excluded.owner_namespace,
    owner_name = excluded.owner_name, controller = excluded.controller, verb = excluded.verb, state = excluded.state,
    request_id = excluded.request_id, planned_at = excluded.planned_at, operation = null, spec_hash = excluded.spec_hash,
    error = null, attempts = excluded.attempts, retry_at = null, facts = excluded.facts,
    announced = true, changed_at = now()
  where cloud_resource.request_id = $2::uuid
  returning ${columns}`;

function planned(intent: CloudIntent): Partial<Row> {
  return {
    cloud: intent.cloud,
    account: intent.account,
    scope: intent.scope,
    type: intent.type,
    name: intent.name,
    project: intent.project,
    owner_kind: intent.ownerKind,
    owner_uid: intent.ownerUid,
    owner_namespace: intent.ownerKey.namespace,
    owner_name: intent.ownerKey.name,
    controller: intent.controller,
    verb: intent.verb,
    state: 'planned',
    request_id: intent.requestId,
    planned_at: intent.plannedAt,
    spec_hash: intent.specHash ?? null,
    attempts: intent.attempts,
    facts: intent.facts,
  };
}

const recordText = `update cloud_resource as current set
    state = given.state, operation = given.operation, error = given.error, retry_at = given.retry_at,
    verb = coalesce(given.verb, current.verb), attempts = coalesce(given.attempts, current.attempts),
    planned_at = coalesce(given.planned_at, current.planned_at),
    spec_hash = case when given.forget_spec then null else coalesce(given.spec_hash, current.spec_hash) end,
    target_id = coalesce(given.target_id, current.target_id), facts = current.facts || coalesce(given.facts, '{}'),
    announced = $2, changed_at = now()
  from json_to_recordset($1) as given (request_id uuid, state text, operation text, error json, retry_at timestamptz, verb text,
    attempts integer, planned_at timestamptz, spec_hash text, forget_spec boolean, target_id text, facts jsonb)
  where current.request_id = given.request_id
  returning ${columns.replaceAll(/\b(\w+)\b/g, 'current.$1')}`;

function recorded(requestId: string, outcome: CloudOutcome): object {
  return {
    request_id: requestId,
    state: outcome.state,
    operation: outcome.operation,
    error: outcome.error,
    retry_at: outcome.retryAt,
    verb: outcome.verb,
    attempts: outcome.attempts,
    planned_at: outcome.plannedAt,
    spec_hash: outcome.specHash ?? undefined,
    forget_spec: outcome.specHash === null,
    target_id: outcome.targetId,
    facts: outcome.facts,
  };
}

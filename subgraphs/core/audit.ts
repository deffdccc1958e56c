import type { GuardedKind } from '../../access/guard.ts';
import type { ReadRecord } from '../../store/audit/read-records.ts';
import { pageOfRecords, type RecordArguments, recordConnection, shownChanges } from '../uniform/audit-fields.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { badInput } from '../uniform/errors.ts';

interface AuditArguments extends RecordArguments {
  readonly filter?: {
    readonly actor?: string | null;
    readonly kind?: string | null;
    readonly namespace?: string | null;
    readonly name?: string | null;
    readonly verb?: string | null;
    readonly decision?: 'ALLOW' | 'DENY' | null;
    readonly since?: string | null;
    readonly until?: string | null;
  } | null;
}

/** Records as access rules name them; they are not stored as objects are. */
const auditRecords: GuardedKind = {
  id: 'AuditRecord',
  group: 'audit.datumapis.com',
  version: 'v1alpha1',
  plural: 'auditrecords',
  scope: 'Namespaced',
};

/** Root field of audit. */
export const auditResolvers = {
  async auditRecords(_: unknown, args: AuditArguments, { audit, guard, request }: SubgraphContext): Promise<object> {
    const { decision, since, until, ...texts } = args.filter ?? {};
    guard.require(auditRecords, 'list', texts.namespace ? { namespace: texts.namespace } : {});
    const filter = {
      actor: texts.actor ?? undefined,
      kind: texts.kind ?? undefined,
      namespace: texts.namespace ?? undefined,
      name: texts.name ?? undefined,
      verb: texts.verb ?? undefined,
      allowed: decision ? decision === 'ALLOW' : undefined,
      since: timeOf('since', since),
      until: timeOf('until', until),
    };
    return recordConnection(await audit.records(request.project, filter, pageOfRecords(args)), args, recordOf);
  },
};

function timeOf(name: string, text: string | null | undefined): Date | undefined {
  if (text === undefined || text === null) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw badInput(`${name} is no time such as 2026-11-23T10:00:00Z`, `filter.${name}`);
  return time;
}

function recordOf({ record, text, hash }: ReadRecord): object {
  return {
    sequence: record.sequence,
    hash,
    record: text,
    time: record.time,
    actor: record.user,
    actorUid: record.uid,
    groups: record.groups ?? [],
    credential: record.credential,
    impersonator: record.impersonator,
    door: record.door,
    address: record.address,
    userAgent: record.agent,
    verb: record.verb,
    subresource: record.subresource,
    decision: record.allowed ? 'ALLOW' : 'DENY',
    reason: record.reason,
    kind: record.kind,
    apiGroup: record.group,
    resource: record.resource,
    path: record.path,
    namespace: record.namespace,
    name: record.name,
    uid: record.objectUid,
    effect: record.effect,
    manager: record.manager,
    resourceVersion: record.revision,
    requestId: record.requestId,
    changes: shownChanges(record.changes),
    moreChanges: record.moreChanges ?? 0,
    count: record.count ?? 1,
  };
}

import type { Logger } from 'pino';
import { deniedTo, type OnUnknown, unknownTo } from '../access/note-denied.ts';
import type { OnDenied } from '../access/authorise.ts';
import type { Config, Role } from '../config.ts';
import type { Registry } from '../kinds/registry.ts';
import { type TellDone, tellDone } from '../store/audit/attempts.ts';
import { createDenials } from '../store/audit/denials.ts';
import { noteForbidden } from '../store/audit/note-forbidden.ts';
import { writeAudit } from '../store/audit/write-audit.ts';
import type { OpenStore } from '../store/store.ts';
import { whileLeading } from './while-leading.ts';

export interface AuditOptions {
  readonly config: Pick<Config, 'DATUM_AUDIT_DAYS'>;
  readonly roles: ReadonlySet<Role>;
  readonly logger: Logger;
  /** Postgres URL. */
  readonly url: string;
  readonly registry: Registry;
}

/** What tells audit of what was denied. */
export interface Audit<S extends OpenStore> {
  /** The store, whose rules forbid things too. */
  readonly open: S;
  readonly onDenied: OnDenied;
  readonly onUnknown: OnUnknown;
  readonly tellDone: TellDone;
}

const dayMs = 24 * 3_600_000;

/** Takes denied attempts, and writes audit in one of the processes that read the change log anyway. */
export function openAudit<S extends OpenStore>(
  open: S,
  { config, roles, logger, url, registry }: AuditOptions,
  started: AsyncDisposableStack,
): Audit<S> {
  const warn = (text: string) => (error: unknown) => logger.warn({ err: error }, text);
  const denials = createDenials(open.pool, warn('denied attempts could not be written'));
  started.defer(() => denials.close());
  if (roles.has('dispatcher')) {
    const options = {
      pool: open.pool,
      findKind: registry.byId,
      box: open.box,
      keepMs: config.DATUM_AUDIT_DAYS * dayMs,
      onError: warn('audit could not be written'),
    };
    whileLeading(url, 'audit', (signal) => writeAudit(options, signal), logger, started);
  }
  return {
    open: { ...open, store: noteForbidden(open.store, denials.note) },
    onDenied: deniedTo(denials.note, registry),
    onUnknown: unknownTo(denials.note),
    tellDone: tellDone(open.pool),
  };
}

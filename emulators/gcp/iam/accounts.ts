import { consistencyOf } from '../core/consistency.ts';
import type { ResourceRow } from '../core/database.ts';
import { numberAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

const EMAIL = /^[^@]+@([^.]+)\.iam\.gserviceaccount\.com$/;

/** The project in the email of a service account that somebody has made; undefined for any other email. */
export function homeOf(email: string): string | undefined {
  return EMAIL.exec(email)?.[1];
}

export function accountKey(email: string): string | undefined {
  const home = homeOf(email);
  return home === undefined ? undefined : `projects/${home}/serviceAccounts/${email}`;
}

/** The account as machines and policies see it: a new one only some time after it was made. */
export function knownAccount(world: World, email: string): ResourceRow | undefined {
  const key = accountKey(email);
  const row = key === undefined ? undefined : world.database.get('resource', key);
  return row === undefined || isNew(world, row) ? undefined : row;
}

/** Whether the account was made so lately that not everything knows it. */
export function isNew(world: World, row: ResourceRow): boolean {
  const createdMs = numberAt(row.hidden ?? {}, 'createdMs') ?? 0;
  return world.clock.now() < createdMs + consistencyOf(world).serviceAccountDelayMs;
}

export function uniqueIdOf(row: ResourceRow): string {
  return stringAt(row.body, 'uniqueId') ?? '';
}

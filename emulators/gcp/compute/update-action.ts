/** What a change does to a machine, from the least to the most. */
export const UPDATE_ACTIONS = ['NONE', 'REFRESH', 'RESTART', 'REPLACE'] as const;
export type UpdateAction = (typeof UPDATE_ACTIONS)[number];

/** Fields that a running machine takes over, and those that it takes over when it starts. All others need a new one. */
const REFRESHED = ['metadata', 'labels', 'tags', 'description', 'deletionProtection'];
const RESTARTED = [
  'machineType',
  'serviceAccounts',
  'scheduling',
  'canIpForward',
  'shieldedInstanceConfig',
  'minCpuPlatform',
];

/** The least that must happen to a machine for these fields to change. */
export function actionFor(changed: readonly string[]): UpdateAction {
  if (changed.length === 0) return 'NONE';
  if (changed.every((field) => REFRESHED.includes(field))) return 'REFRESH';
  return changed.every((field) => REFRESHED.includes(field) || RESTARTED.includes(field)) ? 'RESTART' : 'REPLACE';
}

/** The fields of a machine that a refresh, or a restart, changes. */
export function takenFields(action: 'REFRESH' | 'RESTART'): readonly string[] {
  return action === 'REFRESH' ? REFRESHED : [...REFRESHED, ...RESTARTED];
}

export function greater(left: UpdateAction, right: UpdateAction): UpdateAction {
  return isMore(right, left) ? right : left;
}

export function isMore(left: UpdateAction, right: UpdateAction): boolean {
  return UPDATE_ACTIONS.indexOf(left) > UPDATE_ACTIONS.indexOf(right);
}

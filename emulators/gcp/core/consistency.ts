import type { Database } from './database.ts';
import type { JsonObject } from './json.ts';
import { numberAt } from './json.ts';
import type { World } from './world.ts';

/** Name of the setting; the control API writes it. */
export const CONSISTENCY = 'consistency';

/** How far behind what reads may be, in virtual milliseconds. All are 0 unless the control API says otherwise. */
export interface Consistency {
  /** Lists show what was there so long ago; gets are exact. */
  readonly listLagMs: number;
  /** A new service account is unknown to machines and policies so long. */
  readonly serviceAccountDelayMs: number;
  /** Within that time its GET answers 200 and 404 in turn, instead of 404 always. */
  readonly serviceAccountFlaps: boolean;
  /** What a policy says counts only after so long. */
  readonly grantDelayMs: number;
  /** `latest` is the version that was the last so long ago. */
  readonly latestLagMs: number;
}

export const CONSISTENCY_FIELDS = [
  'listLagMs',
  'serviceAccountDelayMs',
  'serviceAccountFlaps',
  'grantDelayMs',
  'latestLagMs',
] as const satisfies readonly (keyof Consistency)[];

const EXACT: Consistency = {
  listLagMs: 0,
  serviceAccountDelayMs: 0,
  serviceAccountFlaps: false,
  grantDelayMs: 0,
  latestLagMs: 0,
};

/** `listLagMs` alone, which every change asks for. */
export function listLagMs(database: Database): number {
  return numberAt(database.get('setting', CONSISTENCY) ?? {}, 'listLagMs') ?? 0;
}

export function consistencyOf(world: World): Consistency {
  const setting = world.database.get('setting', CONSISTENCY);
  return setting === undefined ? EXACT : read(setting);
}

function read(setting: JsonObject): Consistency {
  const ms = (field: keyof Consistency) => numberAt(setting, field) ?? 0;
  return {
    listLagMs: ms('listLagMs'),
    serviceAccountDelayMs: ms('serviceAccountDelayMs'),
    serviceAccountFlaps: setting['serviceAccountFlaps'] === true,
    grantDelayMs: ms('grantDelayMs'),
    latestLagMs: ms('latestLagMs'),
  };
}

import { mustReplace } from '../clouds/gcp/errors.ts';
import type { Failure, Stage } from './stage.ts';

/** Code of an object of ours whose name somebody else has taken. */
export const nameConflict = 'NameConflict';

/** Condition reason of a failure; undefined when it will pass by itself and is not worth a word of its own. */
export function reasonOf({ code, class: faultClass }: Failure): string | undefined {
  switch (faultClass) {
    case 'stockout':
      return code.startsWith('IP_SPACE') ? 'IPSpaceExhausted' : 'ResourcePoolExhausted';
    case 'quota':
      return 'QuotaExceeded';
    case 'permission':
      return 'PermissionDenied';
    case 'configuration':
      return 'ApiNotEnabled';
    case 'propagation':
      return 'ServiceAccountPropagating';
    case 'alreadyExists':
      return nameConflict;
    case 'spec':
      return code === mustReplace.code ? code : 'InvalidConfiguration';
    default:
      // transient, throttle, dependency, conflict, notFound
      return undefined;
  }
}

/** What happened, to which object, and when it is tried again. */
export function describe({ failure, retryAt, row }: Extract<Stage, { at: 'failed' }>): string {
  const place = row.scope === 'global' ? 'global' : row.scope;
  const path = `projects/${row.account}/${place}/${row.type.slice(row.type.indexOf('.') + 1)}/${row.name}`;
  return `${path}: ${failure.code}: ${failure.message} (next attempt at ${retryAt.toISOString().slice(0, 19)}Z)`;
}

import { circuitOpen } from '../clouds/gcp/breaker.ts';
import { credentialCodes } from '../clouds/gcp/credentials/failure.ts';
import { type FaultClass, mustReplace } from '../clouds/gcp/errors.ts';
import type { Failure, Stage } from './stage.ts';

/** Code of an object of ours whose name somebody else has taken. */
export const nameConflict = 'NameConflict';

/**
 * Condition reason of a failure; undefined when it will pass by itself and is not worth a word of its own: what says so
 * keeps the reason that it had, and the failure is in the message.
 */
export function reasonOf({ code, class: faultClass }: Failure): string | undefined {
  if (isOfCredentials(code)) return 'CredentialsFailed';
  switch (faultClass as FaultClass) {
    case 'stockout':
      return code.startsWith('IP_SPACE') ? 'IPSpaceExhausted' : 'ResourcePoolExhausted';
    case 'quota':
      return 'QuotaExceeded';
    case 'permission':
      return 'PermissionDenied';
    case 'configuration':
      return /billing/i.test(code) ? 'BillingDisabled' : 'ApiNotEnabled';
    case 'propagation':
      return 'ServiceAccountPropagating';
    case 'alreadyExists':
      return nameConflict;
    case 'spec':
      return code === mustReplace.code ? code : 'InvalidConfiguration';
    case 'throttle':
      return 'RateLimited';
    case 'transient':
      return code === circuitOpen ? 'ProviderUnavailable' : undefined;
    case 'dependency':
    case 'conflict':
    case 'notFound':
      return undefined;
  }
}

/** What a failure means and what helps, for who does not know the cloud's codes. */
export function adviceOn({ code, class: faultClass }: Pick<Failure, 'code' | 'class'>): string {
  if (isOfCredentials(code))
    return 'The provider gets no token from Google with the credentials that it is configured with';
  switch (faultClass as FaultClass) {
    case 'stockout':
      if (code.startsWith('IP_SPACE')) return 'The subnet has no free address left; a larger or another subnet helps';
      return 'Google has no capacity for this machine type there now; other zones or types may have some';
    case 'quota':
      return 'A quota of the Google project is used up; a higher one can be asked for in its console';
    case 'permission':
      return "The provider's identity lacks a permission; its role must be granted on the Google project";
    case 'configuration':
      return 'The Google project is not set up for this: an API or billing is off';
    case 'propagation':
      return 'What was just created is not known everywhere at Google yet; it takes up to some minutes';
    case 'alreadyExists':
      return 'Something else in the Google project has this name';
    case 'spec':
      return 'Google refuses this as it is declared; it must be declared differently';
    case 'throttle':
      return 'Too many calls for now; it goes on when the limit is full again';
    case 'dependency':
      return 'Something that uses this, or that it needs, is in the way or not there yet';
    case 'conflict':
      return 'Somebody else changed it at the same time; it is read again';
    case 'notFound':
      return 'Something that it refers to does not exist';
    case 'transient':
      return code === circuitOpen
        ? 'Google does not answer for this project; calls are held back'
        : 'Google could not do it now';
  }
}

function isOfCredentials(code: string): boolean {
  return code === credentialCodes.refused || code === credentialCodes.unavailable;
}

/** What happened, to which object, what it means, and when it is tried again. */
export function describe({ failure, retryAt, row }: Extract<Stage, { at: 'failed' }>): string {
  const place = row.scope === 'global' ? 'global' : row.scope;
  const path = `projects/${row.account}/${place}/${row.type.slice(row.type.indexOf('.') + 1)}/${row.name}`;
  const next = `next attempt at ${retryAt.toISOString().slice(0, 19)}Z`;
  return `${path}: ${failure.code}: ${failure.message} (${next}). ${adviceOn(failure)}`;
}

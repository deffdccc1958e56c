import type { InstanceSpec } from '../../kinds/generated/types.ts';

/** What is done to a machine to bring it to another state. */
export type PowerVerb = 'start' | 'stop' | 'suspend' | 'resume' | 'reset';

export interface PowerQuestion {
  /** Google's name of the state that the machine is in. */
  readonly status: string;
  readonly wanted: InstanceSpec['powerState'];
  /** It was stopped only to be changed. */
  readonly startAgain: boolean;
  /** It was asked to restart since it last did. */
  readonly restart: boolean;
}

/**
 * The step that brings a machine to the state that is declared; undefined when it is there, on its way, or nothing is
 * declared. A machine that is not running needs no restart: it starts anew anyway.
 */
export function powerStep({ status, wanted, startAgain, restart }: PowerQuestion): PowerVerb | undefined {
  const should = wanted ?? (startAgain ? 'Running' : undefined);
  switch (status) {
    case 'RUNNING':
      if (should === 'Stopped') return 'stop';
      if (should === 'Suspended') return 'suspend';
      return restart ? 'reset' : undefined;
    case 'TERMINATED':
    case 'STOPPED':
      // What is stopped cannot be suspended; it has nothing in its memory that could be kept.
      return should === 'Running' ? 'start' : undefined;
    case 'SUSPENDED':
      if (should === 'Running') return 'resume';
      return should === 'Stopped' ? 'stop' : undefined;
    default:
      // PENDING, PROVISIONING, STAGING, PENDING_STOP, STOPPING, SUSPENDING, REPAIRING, DEPROVISIONING: it moves by itself.
      return undefined;
  }
}

/** What a machine's state means for condition Running. */
export interface PowerState {
  readonly running: boolean;
  readonly reason: 'Starting' | 'Running' | 'Stopping' | 'Stopped';
  readonly message: string;
}

/** Every state that Google names. `statusMessage` is Google's own word on it, if it has one. */
const states: Readonly<Record<string, PowerState>> = {
  PENDING: { running: false, reason: 'Starting', message: 'The machine waits for capacity' },
  PROVISIONING: { running: false, reason: 'Starting', message: 'Resources are being reserved for the machine' },
  STAGING: { running: false, reason: 'Starting', message: 'The machine is being prepared for booting' },
  RUNNING: { running: true, reason: 'Running', message: 'The machine is running' },
  PENDING_STOP: { running: false, reason: 'Stopping', message: 'The machine is shutting down' },
  STOPPING: { running: false, reason: 'Stopping', message: 'The machine is being stopped' },
  DEPROVISIONING: { running: false, reason: 'Stopping', message: 'Resources of the machine are being released' },
  TERMINATED: { running: false, reason: 'Stopped', message: 'The machine is stopped (TERMINATED)' },
  STOPPED: { running: false, reason: 'Stopped', message: 'The machine is stopped (STOPPED)' },
  SUSPENDING: { running: false, reason: 'Stopped', message: 'The machine is being suspended (SUSPENDING)' },
  SUSPENDED: { running: false, reason: 'Stopped', message: 'The machine is suspended (SUSPENDED)' },
  REPAIRING: {
    running: false,
    reason: 'Stopped',
    message: 'The machine failed and is being repaired by Google (REPAIRING)',
  },
};

export function powerState(status: string, statusMessage?: string): PowerState {
  const state = states[status] ?? {
    running: false,
    reason: 'Stopped' as const,
    message: `The machine is in state ${status}, which is not known`,
  };
  return statusMessage ? { ...state, message: `${state.message}: ${statusMessage}` } : state;
}

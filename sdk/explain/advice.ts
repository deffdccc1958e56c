/** What to do, by reason of a condition. Reasons are the contract of the kinds, so that they can be spelled out here. */
const byReason: Readonly<Record<string, string>> = {
  Pending: 'No controller has looked at it yet. If that lasts, see whether the workers run.',
  NetworkNotFound: 'Create the network that is named, or name another one.',
  NoLocations: 'Create a location.',
  NoCandidateLocations:
    'Create a location with the city code, or place the workload in the cities of locations that are Ready.',
  NoAvailablePlacements: 'See the deployments of each placement.',
  NoAvailableDeployments: 'See the deployments.',
  NetworkFailedToCreate: 'The cloud refused the network: the message has its words. Mend that; it is tried again.',
  AddressConflict: 'Ask for another range, or delete what has it; the message says what that is.',
  OutOfRange: 'Ask for a range inside the network, or for none.',
  RangeExhausted: 'Delete subnets that are not needed, ask for smaller ones, or use a network with a larger range.',
  ServiceAccountFailedToCreate: 'The cloud refused the service account: see its rights and quotas.',
  NotYetImplemented: 'Leave out what the message names.',
  Stopped: 'The machine was stopped in the cloud. Start it there, or delete the instance to have a new one.',
};

/** What to do about a condition with this reason. */
export function adviceFor(reason: string): string {
  if (Object.hasOwn(byReason, reason)) return byReason[reason] ?? '';
  if (/^Provisioning|InProgress$|^PendingProgramming$|^Starting$|^Stopping$|^NotProgrammed$|NotReady$/.test(reason))
    return 'Work is going on. Wait; if it lasts, see the events of the object.';
  return 'Mend what the message says; it is tried again by itself.';
}

import type { Disruption, Projection } from './cloud-object.ts';
import { canonicalJson } from './hash.ts';

/**
 * What it takes to change each field of a machine: nothing that it would notice, a stop, or another machine. Fields are
 * those of the projection of instances.ts.
 */
export const disruptions = {
  /** Image and type of the boot disk. */
  boot: 'NeedsReplace',
  networkInterfaces: 'NeedsReplace',
  machineType: 'NeedsStop',
  serviceAccounts: 'NeedsStop',
  externalAccess: 'InPlace',
  /** Families of the interfaces. */
  stacks: 'InPlace',
  bootDiskGb: 'InPlace',
  /** Before the disks: the machine lets go of one before it is taken off. */
  metadata: 'InPlace',
  disks: 'InPlace',
  tags: 'InPlace',
} as const satisfies Record<string, Disruption>;

export type MachineField = keyof typeof disruptions;

export interface MachineChange {
  readonly field: MachineField;
  readonly disruption: Disruption;
}

/** The changes that lead from a machine as it is to one as it should be, the most disruptive first. */
export function machineChanges(declared: Projection, observed: Projection): MachineChange[] {
  // The table's own keys.
  return (Object.keys(disruptions) as MachineField[]).flatMap((field) => {
    if (canonicalJson(declared[field]) === canonicalJson(observed[field])) return [];
    return [{ field, disruption: disruptionOf(field, declared, observed) }];
  });
}

/** What a change does to the machine, all in all; undefined when there is nothing to change. */
export function machineDisruption(declared: Projection, observed: Projection): Disruption | undefined {
  const found = machineChanges(declared, observed).map(({ disruption }) => disruption);
  return (['NeedsReplace', 'NeedsStop', 'InPlace'] as const).find((one) => found.includes(one));
}

function disruptionOf(field: MachineField, declared: Projection, observed: Projection): Disruption {
  // A disk cannot shrink.
  if (field === 'bootDiskGb' && Number(declared[field]) < Number(observed[field])) return 'NeedsReplace';
  return disruptions[field];
}

/** What an instance of a machine type has. */
export interface MachineShape {
  readonly name: string;
  readonly guestCpus: number;
  readonly memoryMb: number;
  readonly isSharedCpu: boolean;
}

const SHARED: readonly MachineShape[] = [
  { name: 'e2-micro', guestCpus: 2, memoryMb: 1_024, isSharedCpu: true },
  { name: 'e2-small', guestCpus: 2, memoryMb: 2_048, isSharedCpu: true },
  { name: 'e2-medium', guestCpus: 2, memoryMb: 4_096, isSharedCpu: true },
  { name: 'f1-micro', guestCpus: 1, memoryMb: 614, isSharedCpu: true },
  { name: 'g1-small', guestCpus: 1, memoryMb: 1_740, isSharedCpu: true },
];

/** Memory in MB for each vCPU, and the sizes in vCPUs. */
const SERIES: readonly (readonly [series: string, memoryMbPerCpu: number, sizes: readonly number[]])[] = [
  ['c2-standard', 4_096, [4, 8, 16, 30, 60]],
  ['c3-standard', 4_096, [4, 8, 22, 44, 88, 176]],
  ['c4-standard', 3_840, [2, 4, 8, 16, 32, 48, 96, 192]],
  ['e2-highcpu', 1_024, [2, 4, 8, 16, 32]],
  ['e2-highmem', 8_192, [2, 4, 8, 16]],
  ['e2-standard', 4_096, [2, 4, 8, 16, 32]],
  ['n1-highcpu', 922, [2, 4, 8, 16, 32, 64, 96]],
  ['n1-highmem', 6_656, [2, 4, 8, 16, 32, 64, 96]],
  ['n1-standard', 3_840, [1, 2, 4, 8, 16, 32, 64, 96]],
  ['n2-highcpu', 1_024, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['n2-highmem', 8_192, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128]],
  ['n2-standard', 4_096, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128]],
  ['n2d-standard', 4_096, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224]],
  ['n4-standard', 4_096, [2, 4, 8, 16, 32, 48, 64, 80]],
  ['t2d-standard', 4_096, [1, 2, 4, 8, 16, 32, 48, 60]],
];

const SHAPES = new Map(
  [
    ...SHARED,
    ...SERIES.flatMap(([series, memoryMbPerCpu, sizes]) =>
      sizes.map((guestCpus) => ({
        name: `${series}-${guestCpus}`,
        guestCpus,
        memoryMb: guestCpus * memoryMbPerCpu,
        isSharedCpu: false,
      })),
    ),
  ].map((shape) => [shape.name, shape]),
);

export const MACHINE_TYPE_NAMES: readonly string[] = [...SHAPES.keys()].toSorted();

export function machineShape(name: string): MachineShape | undefined {
  return SHAPES.get(name);
}

/** How many network interfaces an instance can have: 2 up to 2 vCPUs, then one for each, 8 at most. */
export function maxInterfaces({ guestCpus }: MachineShape): number {
  return Math.min(8, Math.max(2, guestCpus));
}

/** How many disks an instance can have, its boot disk included. */
export function maxDisks({ isSharedCpu }: MachineShape): number {
  return isSharedCpu ? 16 : 128;
}

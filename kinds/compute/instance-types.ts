/** What an instance type is in each cloud, and how big. */
export interface InstanceType {
  readonly cpus: number;
  readonly memoryGib: number;
  /** Machine type by cloud. */
  readonly machineTypes: Readonly<Record<string, string>>;
}

const types = new Map<string, InstanceType>([
  ['datumcloud/d1-standard-2', { cpus: 2, memoryGib: 8, machineTypes: { gcp: 'n2-standard-2' } }],
]);

/** Adds instance types of an operator's own; those of the same name are replaced. */
export function addInstanceTypes(more: Readonly<Record<string, InstanceType>>): void {
  for (const [name, type] of Object.entries(more)) types.set(name, type);
}

/** The instance type of that name, or undefined. */
export function instanceType(name: string): InstanceType | undefined {
  return types.get(name);
}

/** Names of all instance types, sorted. */
export function instanceTypeNames(): string[] {
  return [...types.keys()].toSorted();
}

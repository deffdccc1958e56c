/** Persistent disk types, with the sizes in GB that each may have. */
const SIZES_BY_NAME: Readonly<Record<string, string>> = {
  'hyperdisk-balanced': '4GB-65536GB',
  'pd-balanced': '10GB-65536GB',
  'pd-extreme': '500GB-65536GB',
  'pd-ssd': '10GB-65536GB',
  'pd-standard': '10GB-65536GB',
};

export const DISK_TYPE_NAMES: readonly string[] = Object.keys(SIZES_BY_NAME);

export function diskSizes(name: string): string | undefined {
  return Object.hasOwn(SIZES_BY_NAME, name) ? SIZES_BY_NAME[name] : undefined;
}

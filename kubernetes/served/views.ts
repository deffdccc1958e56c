import type { Served, View } from './served.ts';

/** How the objects of a kind are shown at its own group and version, where that differs from how they are stored. */
export function viewOf(_kindId: string): View | undefined {
  return undefined;
}

/** Further groups and versions at which the objects of a stored resource are shown. */
export function additionalVersions(_stored: Served): Served[] {
  return [];
}

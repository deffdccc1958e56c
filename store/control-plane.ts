import type { Resource } from '../kinds/object.ts';

/** The project in which all others are declared. Its control plane has its name. */
export const rootProject = 'default';

const idLength = 12;

/**
 * Under which name the store keeps what is inside a project: the project's own, and a part of its uid. So a project that was
 * made anew under the name of one that is gone shares nothing with it, whatever is still on its way or left behind.
 */
export function controlPlaneOf({ metadata: { name, uid } }: Pick<Resource, 'metadata'>): string {
  return name === rootProject ? rootProject : `${name}.${uid.replaceAll('-', '').slice(0, idLength)}`;
}

/** Name of the project that a control plane belongs to. */
export function projectOf(controlPlane: string): string {
  // Projects' names hold no dots.
  const dot = controlPlane.indexOf('.');
  return dot === -1 ? controlPlane : controlPlane.slice(0, dot);
}

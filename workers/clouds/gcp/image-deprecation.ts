import type { GcpClient } from './client.ts';
import { isGcpError } from './errors.ts';
import { existing } from './operations.ts';

/** What Google says against an image. */
export interface Deprecation {
  /** `DEPRECATED`, `OBSOLETE` or `DELETED`. */
  readonly state: string;
  /** Image that is to be used instead, where Google names one. */
  readonly replacement: string | undefined;
}

/** What is said against an image; undefined where nothing is, null where that cannot be told now. */
export type DeprecationReader = (image: string) => Promise<Deprecation | undefined | null>;

const freshForMs = 60 * 60_000;

/** Asks for each image, named as `projects/p/global/images/i`, once an hour. */
export function createDeprecationReader(client: GcpClient, now: () => number = Date.now): DeprecationReader {
  const known = new Map<string, { readonly atMs: number; readonly found: ReturnType<DeprecationReader> }>();

  async function ask(project: string, image: string): Promise<Deprecation | undefined | null> {
    try {
      const data = await existing(() => client.compute.images.get({ project, image, fields: 'deprecated' }));
      if (data === undefined) return { state: 'DELETED', replacement: undefined };
      const { state, replacement } = data.deprecated ?? {};
      return state && state !== 'ACTIVE'
        ? { state, replacement: replacement?.replace(/^.*\/(?=projects\/)/, '') }
        : undefined;
    } catch (error) {
      if (!isGcpError(error)) throw error;
      return null;
    }
  }

  return (image) => {
    const [, project, name] = /^projects\/([^/]+)\/global\/images\/([^/]+)$/.exec(image) ?? [];
    if (project === undefined || name === undefined) return Promise.resolve(null);
    const entry = known.get(image);
    if (entry !== undefined && now() - entry.atMs < freshForMs) return entry.found;
    const found = ask(project, name);
    known.set(image, { atMs: now(), found });
    return found;
  };
}

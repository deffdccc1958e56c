import type { GcpClient } from './client.ts';
import { normalReference } from './references.ts';

/** Resolves `projects/p/global/images/i`, or `…/images/family/f`, to a concrete image. Throws GcpError. */
export type ImageResolver = (source: string) => Promise<string>;

const freshForMs = 60 * 60 * 1_000;

/**
 * Resolves families to the image that is newest now, asking for each once an hour. Whoever makes a machine keeps the
 * answer with it: a family moves on, and the same machine must come out the same when it is made again.
 */
export function createImageResolver(client: GcpClient, now: () => number = Date.now): ImageResolver {
  const known = new Map<string, { readonly atMs: number; readonly image: Promise<string> }>();

  async function newest(project: string, family: string): Promise<string> {
    const { data } = await client.compute.images.getFromFamily({ project, family });
    return `projects/${normalReference(data.selfLink ?? `global/images/${data.name}`, project)}`;
  }

  return (source) => {
    const [, project, family] = /^projects\/([^/]+)\/global\/images\/family\/([^/]+)$/.exec(source) ?? [];
    if (project === undefined || family === undefined) return Promise.resolve(source);
    const entry = known.get(source);
    if (entry !== undefined && now() - entry.atMs < freshForMs) return entry.image;
    const image = newest(project, family);
    known.set(source, { atMs: now(), image });
    // A failure is not remembered; the caller sees it.
    image.catch(() => known.delete(source));
    return image;
  };
}

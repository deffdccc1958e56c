import type { GcpClient } from './client.ts';
import { normalReference } from './references.ts';

/** An image that instances can boot from. */
export interface ImageSource {
  /** Google project that publishes it. */
  readonly project: string;
  readonly family: string;
  /** Least size of a boot disk, in whole GiB. */
  readonly minSizeGb: number;
}

/** Images by the name that users write. Operators extend it by giving the provider a larger table. */
export const images: Readonly<Record<string, ImageSource>> = {
  'datumcloud/ubuntu-2204-lts': { project: 'ubuntu-os-cloud', family: 'ubuntu-2204-lts', minSizeGb: 25 },
  'datumcloud/cos-stable': { project: 'cos-cloud', family: 'cos-stable', minSizeGb: 10 },
};

/** The image that sandboxes run on. */
export const sandboxImage = 'datumcloud/cos-stable';

const freshForMs = 60 * 60 * 1_000;

/**
 * Resolves families to the concrete image that is newest now, asking for each once an hour. Whoever makes a machine keeps
 * the answer with it: a family moves on, and the same machine must come out the same when it is made again.
 */
export function createImageResolver(client: GcpClient, now: () => number = Date.now): (source: ImageSource) => Promise<string> {
  const known = new Map<string, { readonly atMs: number; readonly reference: Promise<string> }>();

  async function newest({ project, family }: ImageSource): Promise<string> {
    const { data } = await client.compute.images.getFromFamily({ project, family });
    return `projects/${normalReference(data.selfLink ?? `global/images/${data.name}`, project)}`;
  }

  return (source) => {
    const key = `${source.project}/${source.family}`;
    const entry = known.get(key);
    if (entry !== undefined && now() - entry.atMs < freshForMs) return entry.reference;
    const reference = newest(source);
    known.set(key, { atMs: now(), reference });
    // A failure is not remembered; the caller sees it.
    reference.catch(() => known.delete(key));
    return reference;
  };
}

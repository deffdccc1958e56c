/** Says that an object in the cloud is ours, and whose. Only objects with our marker are ever changed or deleted. */
export interface Marker {
  readonly ownerKind: string;
  readonly ownerUid: string;
  /** Hash of the body that was applied. */
  readonly specHash: string;
  /** Which product made it; absent in what was made by one that had no name yet. */
  readonly installation?: string;
}

let installation: string | undefined;

/** Names the product that everything is marked with from now on. It is one for a process, as its database is. */
export function markAs(id: string | undefined): void {
  installation = id;
}

const manager = 'datum';

/** For kinds without labels: JSON in `description`, at most 256 bytes. */
export function descriptionOf(marker: Marker): string {
  return JSON.stringify({
    'managed-by': manager,
    'owner-kind': marker.ownerKind,
    'owner-uid': marker.ownerUid,
    'spec-hash': marker.specHash,
    ...(installation === undefined ? {} : { installation }),
  });
}

/** The marker in a description; undefined when it is not ours. */
export function markerOf(description: string | null | undefined): Marker | undefined {
  if (!description?.startsWith('{')) return undefined;
  try {
    return fromPairs(JSON.parse(description));
  } catch {
    return undefined;
  }
}

/** For kinds with labels; a label's value is lower-case. */
export function labelsOf(marker: Marker): Record<string, string> {
  return {
    'managed-by': manager,
    'owner-kind': marker.ownerKind.toLowerCase(),
    'owner-uid': marker.ownerUid,
    'spec-hash': marker.specHash,
    ...(installation === undefined ? {} : { installation }),
  };
}

export function markerOfLabels(labels: Readonly<Record<string, string>> | null | undefined): Marker | undefined {
  return fromPairs(labels ?? {});
}

function fromPairs(pairs: unknown): Marker | undefined {
  if (typeof pairs !== 'object' || pairs === null) return undefined;
  const {
    'managed-by': by,
    'owner-kind': ownerKind,
    'owner-uid': ownerUid,
    'spec-hash': specHash,
    installation: madeBy,
  } = pairs as Record<string, unknown>;
  if (by !== manager || typeof ownerKind !== 'string' || typeof ownerUid !== 'string') return undefined;
  return {
    ownerKind,
    ownerUid,
    specHash: typeof specHash === 'string' ? specHash : '',
    ...(typeof madeBy === 'string' ? { installation: madeBy } : {}),
  };
}

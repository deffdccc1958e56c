/** Says that an object in the cloud is ours, and whose. Only objects with our marker are ever changed or deleted. */
export interface Marker {
  readonly ownerKind: string;
  readonly ownerUid: string;
  /** Hash of the body that was applied. */
  readonly specHash: string;
}

const manager = 'datum';

/** For kinds without labels: JSON in `description`, at most 256 bytes. */
export function descriptionOf(marker: Marker): string {
  return JSON.stringify({
    'managed-by': manager,
    'owner-kind': marker.ownerKind,
    'owner-uid': marker.ownerUid,
    'spec-hash': marker.specHash,
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
  } = pairs as Record<string, unknown>;
  if (by !== manager || typeof ownerKind !== 'string' || typeof ownerUid !== 'string') return undefined;
  return { ownerKind, ownerUid, specHash: typeof specHash === 'string' ? specHash : '' };
}

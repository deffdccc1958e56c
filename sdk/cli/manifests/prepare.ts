import type { KnownKind } from '../kinds.ts';
import type { Manifest } from './read-manifests.ts';

/** Metadata that the server alone writes, and that manifests have which were read from it. */
const serverOnly = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
];

/** A manifest as the server takes it: in a namespace where its kind has one, and without what only the server writes. */
export function prepare({ kind }: KnownKind, { status: _status, ...manifest }: Manifest, namespace: string): Manifest {
  const { namespace: own = namespace, ...metadata } = manifest.metadata;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([field]) => !serverOnly.includes(field)));
  return {
    ...manifest,
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: { ...kept, name: metadata.name, ...(kind.namespaced ? { namespace: own } : {}) },
  };
}

import type { ObjectMeta, Resource } from '../../kinds/object.ts';

/** Version of `meta.k8s.io`. */
export type MetaVersion = 'v1' | 'v1beta1';

/** An object of which only the metadata is told. */
export interface PartialMetadata {
  readonly kind: 'PartialObjectMetadata';
  readonly apiVersion: `meta.k8s.io/${MetaVersion}`;
  readonly metadata: ObjectMeta;
}

/** The metadata of an object alone. */
export function partialMetadata({ metadata }: Pick<Resource, 'metadata'>, version: MetaVersion): PartialMetadata {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
}

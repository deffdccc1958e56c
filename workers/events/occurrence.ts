import type { OwnerReference, Resource } from '../../kinds/object.ts';

/** The object that something happened to. */
export interface About {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for kinds of cluster scope. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string;
}

/** Something that happened to an object. */
export interface Occurrence {
  readonly project: string;
  /** Name of the controller that saw it. */
  readonly reporter: string;
  readonly about: About;
  readonly type: 'Normal' | 'Warning';
  /** In CamelCase, for programs. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
}

/** Takes note of an occurrence; never throws and never waits. */
export type RecordOccurrence = (occurrence: Occurrence) => void;

/** Reference to an object as it is now. */
export function aboutObject({ apiVersion, kind, metadata }: Resource): About {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name, uid, resourceVersion };
}

/** Reference to the controlling owner of an object, which is in the same namespace; undefined where there is none. */
export function aboutOwner({ metadata }: Resource): About | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? undefined : ownerIn(owner, metadata.namespace);
}

function ownerIn({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): About {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name, uid };
}

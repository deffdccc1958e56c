/** Reference from an object to what owns it; owned objects are collected with their last owner. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Which fields a manager wrote last, in Kubernetes' FieldsV1 form. */
export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

/** Metadata of every object. Times are RFC 3339 in UTC with seconds; `resourceVersion` is a decimal revision. */
export interface ObjectMeta {
  name: string;
  generateName?: string;
  /** Absent for kinds of cluster scope. */
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** State of one aspect of an object; `lastTransitionTime` moves only when `status` changes. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  observedGeneration?: number;
  lastTransitionTime: string;
}

/** An object of any kind, as it is stored, served and sent: plain JSON. */
export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: unknown;
  status?: unknown;
}

/** Name of an object within its kind and project; `namespace` is empty for kinds of cluster scope. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** Key of an object. */
export function keyOf(object: Resource): Key {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

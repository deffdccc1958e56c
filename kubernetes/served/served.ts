import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { Problem } from '../../kinds/problem.ts';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** Group, version and kind of a manifest. */
export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A part of an object with a path of its own. */
export interface Subresource {
  readonly name: 'status' | 'scale' | 'finalize' | 'token' | 'log';
  /** What its bodies are: the object itself, a Scale, or a TokenRequest; a log is text. */
  readonly of: GroupVersionKind;
  readonly verbs: readonly Verb[];
}

/** How a stored object is shown at a group and version, where that differs from how it is stored. */
export interface View {
  /** The object as clients see it. Its argument is not touched. */
  outward(stored: Resource): Resource;
  /** The object as the store takes it. Its argument is not touched. */
  inward(shown: Resource): Resource;
  /** Stored path of a field selector's path; undefined for one that is not supported. Absent: the same paths. */
  readonly selector?: (path: string) => string | undefined;
  /**
   * What this group and version asks of an object beyond what the store does. Both states are as they are stored; `current`
   * is absent on create.
   */
  readonly problems?: (next: Resource, current: Resource | undefined) => readonly Problem[];
}

/** A resource at one group and version, whatever is behind it. */
export interface Served extends GroupVersionKind {
  readonly plural: string;
  readonly singular: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /**
   * `custom`: behaves like a kind that a CustomResourceDefinition made; `built-in`: like one compiled into Kubernetes (typed
   * decoding, strategic merge patch, protobuf bodies, list items without apiVersion and kind).
   */
  readonly style: 'custom' | 'built-in';
  /** What answers: the store's kind, a review that is made and forgotten, or the definitions of the registry. */
  readonly source: 'stored' | 'review' | 'definitions';
  /** The kind in the store; present exactly when `source` is `stored`. */
  readonly stored?: Kind;
  readonly view?: View;
}

/** `group/version`, or `version` for the core group. */
export function groupVersion({ group, version }: Pick<GroupVersionKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `networks.networking.datumapis.com`, or the plural alone for the core group: how messages name a resource. */
export function qualifiedResource({ plural, group }: Pick<Served, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `Network.networking.datumapis.com`, or the kind alone for the core group: how messages name a kind. */
export function qualifiedKind({ kind, group }: GroupVersionKind): string {
  return group === '' ? kind : `${kind}.${group}`;
}

import type { FieldDiff } from './diff.ts';
import type { WriteOrigin } from './write-origin.ts';

/** One thing that happened, in the order in which it is written down and hashed. */
export interface AuditRecord extends WriteOrigin {
  readonly project: string;
  /** Place in the project's chain, from 1. */
  readonly sequence: number;
  /** RFC 3339. */
  readonly time: string;
  readonly user: string;
  /** Name under which fields are owned. */
  readonly manager?: string | undefined;
  readonly verb: string;
  readonly allowed: boolean;
  /** Why not, where that may be said. */
  readonly reason?: string | undefined;
  /** Id of the kind; absent for what is none. */
  readonly kind?: string | undefined;
  /** What a denied attempt was about, as access rules name it. */
  readonly group?: string | undefined;
  readonly resource?: string | undefined;
  readonly path?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly objectUid?: string | undefined;
  readonly effect?: 'ADDED' | 'MODIFIED' | 'DELETED' | undefined;
  /** resourceVersion that the write made. */
  readonly revision?: string | undefined;
  readonly requestId?: string | undefined;
  readonly changes?: readonly FieldDiff[] | undefined;
  /** Changes beyond those that are listed. */
  readonly moreChanges?: number | undefined;
  /** Attempts like this one that it stands for, itself included; absent for 1. */
  readonly count?: number | undefined;
  /** Revisions whose changes were forgotten before audit read them. */
  readonly gap?: { readonly after: string; readonly upTo: string } | undefined;
}

/** A record that has no place in a chain yet. */
export type UnchainedRecord = Omit<AuditRecord, 'project' | 'sequence'>;

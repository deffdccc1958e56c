import type { Admitter, Read, Rights } from './admit.ts';
import { admitters } from './generated/admit.ts';
import type { Kind } from './kind.ts';
import { metadataProblems, metadataWarnings } from './metadata.ts';
import type { ObjectMeta, Resource } from './object.ts';
import type { Problem } from './problem.ts';
import { facts } from './registry.ts';
import { check, type Checked } from './schema/compile.ts';
import { jsonEqual } from './schema/json.ts';

/** What the rules of its kind make of an object. */
export interface CheckedObject {
  /** The object as it is to be stored: prepared, pruned, with stored defaults. Of use only without problems. */
  readonly object: Resource;
  /** Paths of fields that neither the schema nor metadata know; they are left out. */
  readonly unknown: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Why the writer may not write it: `is attempting to …`. Looked at only without problems. */
  readonly notPermitted?: string;
}

/**
 * Brings an object into the form that is stored and checks it by every rule of its kind: metadata, schema and, when those
 * hold and more than metadata or status differs from `previous`, the kind's `admit`: a finalizer comes and goes even
 * where a rule about other objects would no longer hold. The object is not touched.
 */
export async function checkObject(
  kind: Kind,
  next: Resource,
  previous: Resource | undefined,
  read: Read,
  rights: Rights = allRights,
  writer = '',
): Promise<CheckedObject> {
  const admitter = (admitters as Readonly<Record<string, Admitter<Resource> | undefined>>)[kind.id];
  const { apiVersion, kind: name, metadata, ...content } = admitter?.prepare?.(next, previous, writer) ?? next;
  const meta = checkMetadata(metadata);
  const body = check(kind.schema, content, previous && contentOf(previous));
  const object = { apiVersion, kind: name, metadata: meta.value, ...(body.value as object) };
  const wellFormed = meta.problems.length === 0;
  const problems = [
    ...(wellFormed ? metadataProblems(kind, meta.value, previous?.metadata) : meta.problems),
    ...body.problems,
  ];
  const found = {
    object,
    unknown: [...meta.unknown, ...body.unknown],
    warnings: wellFormed ? metadataWarnings(meta.value) : [],
  };
  if (problems.length > 0 || admitter === undefined) return { ...found, problems };
  const notPermitted = await admitter.permit?.(object, previous, read, rights);
  if (notPermitted !== undefined) return { ...found, problems, notPermitted };
  if (admitter.admit === undefined) return { ...found, problems };
  if (previous !== undefined && jsonEqual(specOf(object), specOf(previous))) return { ...found, problems };
  return { ...found, problems: await admitter.admit(object, previous, read, rights) };
}

/** Those of the product itself. */
const allRights: Rights = { may: () => true, lacks: () => [] };

/** The same for a write of `status` alone: nothing else of the object is looked at. */
export function checkStatus(kind: Kind, next: Resource): CheckedObject {
  const { apiVersion, kind: name, metadata, ...content } = next;
  const body = check(kind.schema, content);
  return {
    object: { apiVersion, kind: name, metadata, ...(body.value as object) },
    unknown: body.unknown.filter(inStatus),
    problems: body.problems.filter(({ path }) => inStatus(path)),
    warnings: [],
  };
}

function inStatus(path: string): boolean {
  return /^status\b/.test(path);
}

function checkMetadata(metadata: unknown): Checked<ObjectMeta> {
  // A walk from the object down, so that paths begin with metadata.
  const checked = check(metadataSchema, { metadata });
  return { ...checked, value: (checked.value as { metadata: ObjectMeta }).metadata };
}

const metadataSchema = { type: 'object', properties: { metadata: facts.metadata }, required: ['metadata'] } as const;

/** All but what names the object. */
function contentOf(object: Resource): object {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object;
  return content;
}

/** What the writer wants, without what was found to be. */
function specOf(object: Resource): object {
  const { status: _status, ...spec } = contentOf(object) as { status?: unknown };
  return spec;
}

import type { Admitter, Read } from './admit.ts';
import { admitters } from './generated/admit.ts';
import type { Kind } from './kind.ts';
import { metadataProblems, metadataWarnings } from './metadata.ts';
import type { ObjectMeta, Resource } from './object.ts';
import type { Problem } from './problem.ts';
import { facts } from './registry.ts';
import { check } from './schema/compile.ts';
import { jsonEqual } from './schema/json.ts';

/** What the rules of its kind make of an object. */
export interface CheckedObject {
  /** The object as it is to be stored: prepared, pruned, with stored defaults. Of use only where there are no problems. */
  readonly object: Resource;
  /** Paths of fields that neither the schema nor metadata know; they are left out. */
  readonly unknown: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Brings an object into the form that is stored and checks it by every rule of its kind: metadata, schema and, when those
 * hold and more than metadata or status differs from `previous`, the kind's `admit`. The object is not touched.
 */
export async function checkObject(
  kind: Kind,
  next: Resource,
  previous: Resource | undefined,
  read: Read,
): Promise<CheckedObject> {
  const admitter = (admitters as Readonly<Record<string, Admitter<Resource> | undefined>>)[kind.id];
  const { apiVersion, kind: name, metadata, ...content } = admitter?.prepare?.(next, previous) ?? next;
  const before = previous && contentOf(previous);
  const meta = check(facts.metadata, metadata);
  const body = check(kind.schema, content, before);
  const object = { apiVersion, kind: name, metadata: meta.value as ObjectMeta, ...(body.value as object) };
  const unknown = [...meta.unknown.map((path) => `metadata.${path}`), ...body.unknown];
  const problems = [
    ...(meta.problems.length > 0
      ? meta.problems.map(inMetadata)
      : metadataProblems(kind, object.metadata, previous?.metadata)),
    ...body.problems,
  ];
  const warnings = meta.problems.length > 0 ? [] : metadataWarnings(object.metadata);
  if (problems.length > 0 || !admitter?.admit || (previous && sameSpec(object, previous)))
    return { object, unknown, problems, warnings };
  return { object, unknown, problems: await admitter.admit(object, previous, read), warnings };
}

/** The same problem with the path of the object; its message repeats the path where it has it. */
function inMetadata(problem: Problem): Problem {
  const { path, message } = problem;
  return {
    ...problem,
    path: `metadata.${path}`,
    message: message.replace(`: ${path} in body`, () => `: metadata.${path} in body`),
  };
}

function contentOf({ apiVersion: _, kind: _kind, metadata: _metadata, ...content }: Resource): object {
  return content;
}

function sameSpec(a: Resource, b: Resource): boolean {
  const { status: _a, ...left } = contentOf(a) as { status?: unknown };
  const { status: _b, ...right } = contentOf(b) as { status?: unknown };
  return jsonEqual(left, right);
}

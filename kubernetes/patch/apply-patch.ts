import { mergePatch } from '../../kinds/merge-patch.ts';
import type { Resource } from '../../kinds/object.ts';
import { isObject } from '../../kinds/schema/json.ts';
import { DecodeError } from '../body/decode-error.ts';
import type { Typed } from '../body/go-walk.ts';
import { mediaType } from '../body/media-type.ts';
import { readJson, textOf } from '../body/read-json.ts';
import { duplicateFindings, patchRefusal, unknownFindings } from '../body/strict.ts';
import { decodeTyped, type Manifest } from '../body/typed.ts';
import type { Served } from '../served/served.ts';
import { unsupportedMediaType } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';
import { maxResultCharacters, sizeWithin } from './bounds.ts';
import { checkUnchanged } from './check-unchanged.ts';
import { jsonPatch } from './json-patch.ts';
import { operationFindings, operationsOf } from './json-operations.ts';
import { mergeRules } from './merge-rules.ts';
import { brokenPatch, doesNotApply } from './patch-refusals.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

/** A patch that was read; it may be applied more than once. */
export interface Patch {
  /**
   * The next state of an object, which is given as its clients see it and not touched. Throws 400, 409 and 422: what does not
   * apply, makes no object of the kind, or changes what is fixed.
   */
  applyTo(current: Resource): Patched;
}

export interface Patched {
  readonly next: Resource;
  /** Unknown fields of built-in kinds, which are left out, and duplicate keys of the patch. */
  readonly findings: readonly string[];
}

/** A patch as it was sent, and the resource that it goes to. */
interface PatchRequest {
  /** The Content-Type header. */
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
  readonly served: Served;
}

type Change = (current: Resource) => unknown;

const jsonType = 'application/json-patch+json';
const mergeType = 'application/merge-patch+json';
const strategicType = 'application/strategic-merge-patch+json';
const applyType = 'application/apply-patch+yaml';
const customTypes = [jsonType, mergeType, applyType];
const builtInTypes = [jsonType, mergeType, strategicType, applyType];

/** An object and a request body, each as large as they may be. */
const maxPatchedCharacters = 2 * maxResultCharacters;

/** Reads a JSON patch, a merge patch or a strategic merge patch. Throws 415, 400 for a broken body, 413 for too many operations. */
export function readPatch({ contentType, bytes, served }: PatchRequest): Patch {
  const type = mediaType(contentType);
  const accepted = served.style === 'custom' ? customTypes : builtInTypes;
  // An apply is read elsewhere: it is no change of what is there.
  if (!accepted.includes(type) || type === applyType) throw unsupportedMediaType(accepted);
  const { change, findings } = changeOf(type, bytes);
  return {
    applyTo(current) {
      const { value, unknown } = decoded(change(current), current);
      checkUnchanged(value, current, served.style);
      return { next: value as Resource, findings: [...findings, ...unknownFindings(unknown)] };
    },
  };
}

function changeOf(type: string, bytes: Buffer): { readonly change: Change; readonly findings: readonly string[] } {
  return refusing(brokenPatch, () => {
    const { value, duplicates } = readJson(textOf(bytes));
    const twice = duplicateFindings(duplicates.map(({ path }) => path));
    if (type === jsonType) {
      const operations = operationsOf(value);
      const findings = [...twice.map((finding) => `json patch ${finding}`), ...operationFindings(operations)];
      return { change: (current) => bounded(refusing(doesNotApply, () => jsonPatch(current, operations))), findings };
    }
    if (!isObject(value)) throw new DecodeError('a patch must be an object');
    if (type === mergeType) return { change: (current) => mergePatch(current, value), findings: twice };
    const change: Change = (current) =>
      refusing(brokenPatch, () => strategicMergePatch({ ...current }, value, mergeRules(current)));
    return { change, findings: twice };
  });
}

/** What operations may multiply; other patches add no more than they say. Throws 422 where it is too much. */
function bounded(next: unknown): unknown {
  if (sizeWithin(next, maxPatchedCharacters) === undefined) throw patchRefusal('the result is too large');
  return next;
}

/** What a patch made, decoded as if it had been sent. Throws 422. */
function decoded(next: unknown, current: Resource): Typed<Manifest> {
  if (!isObject(next)) throw patchRefusal('the result is no object');
  const { apiVersion = current.apiVersion, kind = current.kind } = next;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw patchRefusal('apiVersion and kind must be strings');
  return refusing(patchRefusal, () => decodeTyped(next, { apiVersion, kind }));
}

/** Runs what throws DecodeError; patches may nest what they make until there is no stack left to look at it. */
function refusing<T>(refusal: (reason: string) => ApiError, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DecodeError) throw refusal(error.message);
    if (error instanceof RangeError) throw refusal('exceeded max depth');
    throw error;
  }
}

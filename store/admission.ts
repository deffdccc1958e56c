import type { Admitter } from '../kinds/admit.ts';
import { admitters } from '../kinds/generated/admit.ts';
import type { Kind } from '../kinds/kind.ts';
import { metadataProblems, metadataWarnings } from '../kinds/metadata.ts';
import type { ObjectMeta, Resource } from '../kinds/object.ts';
import type { Problem } from '../kinds/problem.ts';
import { facts } from '../kinds/registry.ts';
import { check } from '../kinds/schema/compile.ts';
import type { StoreCore } from './context.ts';
import { StoreError } from './errors.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import type { RequestContext, UpdateOptions } from './types.ts';

/** An object that may be stored, and what its writer should know. */
export interface Admitted {
  readonly object: Resource;
  readonly warnings: string[];
}

/**
 * Makes an object fit to be stored, or refuses it with everything that is wrong: own form, schema with pruning and
 * defaults, metadata, then the kind's rules about other objects. `previous` is absent on create. A write of status answers
 * for its status only.
 */
export async function admit(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  next: Resource,
  previous: Resource | undefined,
  options: Pick<UpdateOptions, 'fieldValidation' | 'subresource'>,
): Promise<Admitted> {
  const admitter = (admitters as Record<string, Admitter<Resource> | undefined>)[kind.id];
  const prepared = options.subresource === 'status' ? next : (admitter?.prepare?.(next, previous) ?? next);
  const { apiVersion, kind: kindName, metadata, ...body } = prepared;
  const checked = check(kind.schema, body, previous && bodyOf(previous));
  const warnings = [...refuseUnknown(checked.unknown, options.fieldValidation ?? 'Strict', kind, metadata), ...metadataWarnings(metadata)];
  const object = { apiVersion, kind: kindName, metadata, ...(checked.value as Record<string, unknown>) } as Resource;
  if (options.subresource === 'status') {
    refuse(kind, metadata, checked.problems.filter(({ path }) => path.startsWith('status')));
    return { object, warnings };
  }
  const shape = check(facts.metadata, metadata).problems.map((problem) => ({ ...problem, path: `metadata.${problem.path}` }));
  refuse(kind, metadata, [...(shape.length > 0 ? shape : metadataProblems(kind, metadata, previous?.metadata)), ...checked.problems]);
  // A deletion that runs its course must not be stopped by rules about objects that have changed since.
  if (metadata.deletionTimestamp === undefined && admitter?.admit !== undefined) {
    refuse(kind, metadata, await admitter.admit(object, previous, readerOf(core, context)));
  }
  return { object, warnings };
}

function bodyOf(object: Resource): Record<string, unknown> {
  const { apiVersion: _, kind: __, metadata: ___, ...body } = object;
  return body;
}

function refuseUnknown(unknown: readonly string[], mode: string, kind: Kind, metadata: ObjectMeta): string[] {
  if (mode === 'Ignore' || unknown.length === 0) return [];
  if (mode === 'Warn') return unknown.map((path) => `unknown field "${path}"`);
  refuse(kind, metadata, unknown.map((path) => ({ path, reason: 'FieldValueInvalid', message: `Invalid value: unknown field "${path}"` })));
  return [];
}

function refuse(kind: Kind, metadata: ObjectMeta, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const texts = problems.map(({ path, message }) => `${path}: ${message}`);
  const name = kind.group === '' ? kind.name : `${kind.name}.${kind.group}`;
  throw new StoreError('Invalid', `${name} "${metadata.name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`, {
    problems,
    object: { kind: kind.id, name: metadata.name },
  });
}

function readerOf(core: StoreCore, context: RequestContext): Parameters<NonNullable<Admitter<Resource>['admit']>>[2] {
  return {
    list: async (kind) => (await list(core, context, kind)).items as never,
    get: async (kind, key) => (await get(core, context, kind, key)) as never,
  };
}

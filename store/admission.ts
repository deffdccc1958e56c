import type { Read } from '../kinds/admit.ts';
import { checkObject, checkStatus } from '../kinds/check-object.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { type Problem, unknownField } from '../kinds/problem.ts';
import type { StoreCore } from './context.ts';
import { StoreError } from './errors.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import type { RequestContext, UpdateOptions } from './types.ts';

/** An object that may be stored, and what its writer should know. */
export interface Admitted {
  readonly object: Resource;
  readonly warnings: readonly string[];
}

/**
 * Makes an object fit to be stored, or refuses it with everything that is wrong. `previous` is absent on create. A write
 * of status answers for its status only.
 */
export async function admit(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  next: Resource,
  previous: Resource | undefined,
  options: Pick<UpdateOptions, 'fieldValidation' | 'subresource'>,
): Promise<Admitted> {
  const read: Read = {
    list: async (of) => (await list(core, context, of)).items as never,
    get: async (of, key) => (await get(core, context, of, key)) as never,
  };
  const checked =
    options.subresource === 'status'
      ? checkStatus(kind, next)
      : await checkObject(kind, next, previous, read, context.rights, context.actor);
  if (checked.notPermitted !== undefined) {
    const { name } = next.metadata;
    const about = `${kind.plural}${kind.group && `.${kind.group}`} ${JSON.stringify(name)}`;
    const text = `${about} is forbidden: user ${JSON.stringify(context.actor)} ${checked.notPermitted}`;
    throw new StoreError('Forbidden', text, { object: { kind: kind.id, name } });
  }
  const mode = options.fieldValidation ?? 'Strict';
  const unknown = mode === 'Strict' ? checked.unknown : [];
  refuse(kind, next, [...unknown.map(unknownField), ...checked.problems], unknown);
  const pruned = mode === 'Warn' ? checked.unknown.map((path) => `unknown field "${path}"`) : [];
  return { object: checked.object, warnings: [...pruned, ...checked.warnings] };
}

function refuse(kind: Kind, { metadata }: Resource, problems: readonly Problem[], unknown: readonly string[]): void {
  if (problems.length === 0) return;
  const texts = problems.map(({ path, message }) => `${path}: ${message}`);
  const name = kind.group === '' ? kind.name : `${kind.name}.${kind.group}`;
  throw new StoreError(
    'Invalid',
    `${name} "${metadata.name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    {
      problems,
      unknown,
      object: { kind: kind.id, name: metadata.name },
    },
  );
}

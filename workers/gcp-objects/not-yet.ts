import { isDeepStrictEqual } from 'node:util';
import type { InstanceSpec } from '../../kinds/generated/types.ts';
import { facts } from '../../kinds/registry.ts';
import type { Schema } from '../../kinds/schema/schema.ts';
import { type Conditioned, conditionOf, notYetImplemented, type Verdict } from '../objects/condition.ts';

/** Paths of what an object's spec uses and nothing acts on yet, as the kind's schema says. */
export function notYetPaths(kindId: string, spec: unknown): string[] {
  const schema = facts.kinds.find(({ id }) => id === kindId)?.schema.properties?.['spec'];
  const paths: string[] = [];
  if (schema !== undefined) walk(schema, spec, 'spec', paths);
  return paths;
}

function walk(schema: Schema, value: unknown, path: string, paths: string[]): void {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return;
  const notYet = schema['x-datum-not-yet'];
  if (notYet !== undefined && !isDeepStrictEqual(value, notYet.except)) {
    paths.push(path);
  } else if (Array.isArray(value)) {
    if (schema.items !== undefined)
      for (const [index, item] of value.entries()) walk(schema.items, item, `${path}[${index}]`, paths);
  } else if (typeof value === 'object') {
    for (const [name, field] of Object.entries(schema.properties ?? {}))
      walk(field, (value as Record<string, unknown>)[name], `${path}.${name}`, paths);
  }
}

/** Paths of the disks beside the boot disk, which are not made yet; `path` is that of the instance's spec. */
export function dataDiskPaths(spec: InstanceSpec, path: string): string[] {
  const boot = spec.runtime.virtualMachine?.volumeAttachments[0]?.name;
  return (spec.volumes ?? []).flatMap(({ name, disk }, index) =>
    disk && name !== boot ? [`${path}.volumes[${index}].disk`] : [],
  );
}

/** Condition Supported: absent for an object that never used anything of the kind. */
export function supportedVerdicts(object: Conditioned, paths: readonly string[]): Verdict[] {
  if (paths.length > 0) {
    return [
      {
        type: 'Supported',
        status: 'False',
        reason: notYetImplemented,
        message: `Stored, but not implemented yet: ${paths.join(', ')}`,
      },
    ];
  }
  if (conditionOf(object, 'Supported') === undefined) return [];
  return [{ type: 'Supported', status: 'True', reason: 'Supported', message: 'Everything in the spec is implemented' }];
}

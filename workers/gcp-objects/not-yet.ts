import { facts } from '../../kinds/registry.ts';
import { notYetPaths } from '../../kinds/schema/not-yet.ts';
import { type Conditioned, conditionOf, notYetImplemented, type Verdict } from '../objects/condition.ts';

const schemas = new Map(facts.kinds.map(({ id, schema }) => [id, schema]));

/** Paths of what an object uses and nothing acts on yet, as its kind's schema says. */
export function unsupportedPaths(kindId: string, object: object): string[] {
  const schema = schemas.get(kindId);
  return schema === undefined ? [] : notYetPaths(schema, object);
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

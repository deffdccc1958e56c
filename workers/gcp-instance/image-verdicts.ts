import type { Instance } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { conditionOf, type Verdict } from '../objects/condition.ts';
import { imageFact, type MachineDeps } from './machine.ts';

/** Condition ImageSupported: whether the cloud advises against a machine's image; absent where it never did. */
export async function imageVerdicts(
  { deprecationOf }: Pick<MachineDeps, 'deprecationOf'>,
  instance: Instance,
  { facts }: CloudResource,
): Promise<Verdict[]> {
  const image = facts[imageFact];
  const found = image ? await deprecationOf(image) : null;
  if (found === null) return [];
  const type = 'ImageSupported';
  if (found === undefined) {
    if (conditionOf(instance, type) === undefined) return [];
    return [{ type, status: 'True', reason: 'ImageActive', message: 'Nothing speaks against the image' }];
  }
  const { state, replacement } = found;
  const instead = replacement === undefined ? '' : `; ${replacement} takes its place`;
  return [{ type, status: 'False', reason: 'ImageDeprecated', message: `Google calls ${image} ${state}${instead}` }];
}

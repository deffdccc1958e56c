import type { Kind } from '../../kinds/kind.ts';
import type { Verdict } from '../objects/condition.ts';

/** What of a kind is left in a namespace. */
export interface Remaining {
  readonly kind: Pick<Kind, 'plural' | 'group'>;
  readonly objects: number;
  /** Finalizers that hold them. */
  readonly finalizers: readonly string[];
}

/** What a namespace that cannot go yet says about it. */
export function contentVerdict(left: readonly Remaining[]): Verdict {
  const counts = left.map(({ kind, objects }) => `${kind.plural}${kind.group && `.${kind.group}`} has ${objects}`);
  const finalizers = [...new Set(left.flatMap((one) => one.finalizers))].toSorted();
  const held = finalizers.length === 0 ? '' : `; held by finalizers ${finalizers.join(', ')}`;
  return {
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: `Objects remain: ${counts.toSorted().join(', ')}${held}`,
  };
}

import type { Verdict } from '../objects/condition.ts';
import { type Remaining, remainingText } from '../objects/purge.ts';

/** What a namespace that cannot go yet says about it. */
export function contentVerdict(left: readonly Remaining[]): Verdict {
  return {
    type: 'NamespaceContentRemaining',
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: remainingText(left),
  };
}

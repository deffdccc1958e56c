import type { Lease } from '../generated/types.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';

/** Ranges of a lease's numbers, with Kubernetes' texts. */
export function admit({ spec }: Lease): Problem[] {
  const { leaseDurationSeconds = 1, leaseTransitions = 0, preferredHolder, strategy } = spec ?? {};
  return [
    ...(leaseDurationSeconds > 0
      ? []
      : [invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0')]),
    ...(leaseTransitions >= 0
      ? []
      : [invalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0')]),
    ...(preferredHolder !== undefined && strategy === undefined
      ? [forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined')]
      : []),
  ];
}

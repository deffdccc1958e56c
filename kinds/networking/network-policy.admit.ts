import type { NetworkPolicy } from '../generated/types.ts';
import { selectorProblems } from '../label-selector.ts';
import type { Problem } from '../problem.ts';
import { peerProblems, portProblems } from './policy-rules.ts';

/** Ports, ranges and selectors. Names of ports are those of the instances it meets, so they are not looked up here. */
export function admit({ spec }: NetworkPolicy): Problem[] {
  return [
    ...selectorProblems('spec.instanceSelector', spec.instanceSelector),
    ...(spec.ingress ?? []).flatMap(({ ports, from }, index) => [
      ...portProblems(`spec.ingress[${index}].ports`, ports),
      ...peerProblems(`spec.ingress[${index}].from`, from),
    ]),
    ...(spec.egress ?? []).flatMap(({ ports, to }, index) => [
      ...portProblems(`spec.egress[${index}].ports`, ports),
      ...peerProblems(`spec.egress[${index}].to`, to),
    ]),
  ];
}

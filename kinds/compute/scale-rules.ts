import type { ScaleSettings } from '../generated/types.ts';
import { invalid, required, type Problem } from '../problem.ts';
import { compareQuantities } from '../quantity.ts';

/** What breaks the rules on how many instances there are. */
export function scaleProblems(path: string, { minReplicas, maxReplicas, metrics = [] }: ScaleSettings): Problem[] {
  return [
    ...(maxReplicas !== undefined && maxReplicas < minReplicas
      ? [invalid(`${path}.maxReplicas`, maxReplicas, 'must be greater than or equal to minReplicas')]
      : []),
    ...(maxReplicas !== undefined && metrics.length === 0
      ? [required(`${path}.metrics`, 'maxReplicas needs them')]
      : []),
    ...metrics.flatMap(({ resource }, index) =>
      (['value', 'averageValue'] as const).flatMap((field) => {
        const amount = resource.target[field];
        if (amount === undefined || compareQuantities(amount, 0) > 0) return [];
        return [invalid(`${path}.metrics[${index}].resource.target.${field}`, amount, 'must be greater than 0')];
      }),
    ),
  ];
}

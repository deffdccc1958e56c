import type { WorkloadDeployment } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { scaleProblems } from './scale-rules.ts';
import { templateProblems } from './template-rules.ts';

/** Template and scale. The city was known when the workload was written; that it still is shows in a condition. */
export function admit({ spec }: WorkloadDeployment): Problem[] {
  return [
    ...templateProblems('spec.template', spec.template),
    ...scaleProblems('spec.scaleSettings', spec.scaleSettings),
  ];
}

import type { Read, Rights } from '../admit.ts';
import type { WorkloadDeployment } from '../generated/types.ts';
import { interfaceUseProblems } from '../networking/use-rules.ts';
import type { Problem } from '../problem.ts';
import { scaleProblems } from './scale-rules.ts';
import { templateProblems } from './template-rules.ts';
import { shrinkProblems } from './volume-rules.ts';
import { updateProblems } from './update-rules.ts';

/** Template, networks and scale. The city was known when the workload was written; that it still is shows in a condition. */
export function admit(
  { metadata, spec }: WorkloadDeployment,
  previous: WorkloadDeployment | undefined,
  _read: Read,
  rights: Rights,
): Problem[] {
  const before = previous?.spec.template.spec;
  return [
    ...shrinkProblems('spec.template.spec', spec.template.spec, before),
    ...templateProblems('spec.template', spec.template),
    ...interfaceUseProblems('spec.template.spec', spec.template.spec, before, metadata.namespace, rights),
    ...scaleProblems('spec.scaleSettings', spec.scaleSettings),
    ...updateProblems('spec.updateStrategy', spec.updateStrategy),
  ];
}

import type { Instance } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { instanceSpecProblems, sshKeyProblems } from './template-rules.ts';

/** The rules of the template that instances are made from. */
export function admit({ metadata, spec }: Instance): Problem[] {
  return [...instanceSpecProblems('spec', spec), ...sshKeyProblems('metadata', metadata, spec)];
}

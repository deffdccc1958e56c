import type { Read, Rights } from '../admit.ts';
import type { Instance } from '../generated/types.ts';
import { interfaceUseProblems } from '../networking/use-rules.ts';
import type { Problem } from '../problem.ts';
import { shrinkProblems } from './volume-rules.ts';
import { instanceSpecProblems, sshKeyProblems } from './template-rules.ts';

/** The rules of the template that instances are made from. */
export function admit(
  { metadata, spec }: Instance,
  previous: Instance | undefined,
  _read: Read,
  rights: Rights,
): Problem[] {
  return [
    ...shrinkProblems('spec', spec, previous?.spec),
    ...instanceSpecProblems('spec', spec),
    ...interfaceUseProblems('spec', spec, previous?.spec, metadata.namespace, rights),
    ...sshKeyProblems('metadata', metadata, spec),
  ];
}

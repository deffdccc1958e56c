import type { Read, Rights } from '../admit.ts';
import type { NetworkBinding } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { useProblems } from './use-rules.ts';

/** Whoever binds to a network needs the right to use it. */
export function admit(
  { metadata, spec }: NetworkBinding,
  previous: NetworkBinding | undefined,
  _read: Read,
  rights: Rights,
): Problem[] {
  const before = previous === undefined ? [] : [previous.spec.network];
  return useProblems('spec.network', spec.network, before, metadata.namespace, rights);
}

import type { Rights } from '../admit.ts';
import type { InstanceSpec, NetworkRef } from '../generated/types.ts';
import { forbidden, type Problem } from '../problem.ts';

/** What breaks the rule that whoever names a network needs the right to use it; those of `previous` were named before. */
export function useProblems(
  path: string,
  network: NetworkRef,
  previous: readonly NetworkRef[],
  home: string | undefined,
  rights: Rights,
): Problem[] {
  const { name, namespace = home } = network;
  if (previous.some((one) => one.name === name && (one.namespace ?? home) === namespace)) return [];
  const right = { verb: 'use', group: 'networking.datumapis.com', resource: 'networks', name };
  // Nobody looks whether the network exists, so that the answer does not tell.
  return rights.may(namespace === undefined ? right : { ...right, namespace })
    ? []
    : [forbidden(path, 'permission to use the network was denied')];
}

type Interfaces = Pick<InstanceSpec, 'networkInterfaces'>;

/** The same for all interfaces of a spec at `path`. */
export function interfaceUseProblems(
  path: string,
  spec: Interfaces,
  previous: Interfaces | undefined,
  home: string | undefined,
  rights: Rights,
): Problem[] {
  const before = (previous?.networkInterfaces ?? []).map(({ network }) => network);
  return spec.networkInterfaces.flatMap(({ network }, index) =>
    useProblems(`${path}.networkInterfaces[${index}].network`, network, before, home, rights),
  );
}

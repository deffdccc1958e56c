import { contains, parseCidr } from '../cidr.ts';
import type { IPBlock, NetworkPolicyPeer, NetworkPolicyPort } from '../generated/types.ts';
import { selectorProblems } from '../label-selector.ts';
import { portNameFault } from '../name-rules.ts';
import { forbidden, invalid, notFound, type Problem } from '../problem.ts';

const maxPort = 65_535;

/** What breaks the rules on a rule's ports. `named`, where given, are the names that a port may have. */
export function portProblems(
  path: string,
  ports: readonly NetworkPolicyPort[] = [],
  named?: ReadonlySet<string>,
): Problem[] {
  return ports.flatMap((port, index) => onePort(`${path}[${index}]`, port, named));
}

function onePort(
  path: string,
  { port, endPort }: NetworkPolicyPort,
  named: ReadonlySet<string> | undefined,
): Problem[] {
  const problems: Problem[] = [];
  if (typeof port === 'number' && (port < 1 || port > maxPort))
    problems.push(invalid(`${path}.port`, port, `must be between 1 and ${maxPort}, inclusive`));
  if (typeof port === 'string') {
    const fault = portNameFault(port);
    if (fault !== undefined) problems.push(invalid(`${path}.port`, port, fault));
    else if (named?.has(port) === false) problems.push(notFound(`${path}.port`, port));
  }
  if (endPort === undefined) return problems;
  if (typeof port !== 'number')
    problems.push(forbidden(`${path}.endPort`, 'may be set only with a port that is a number'));
  else if (endPort < port)
    problems.push(invalid(`${path}.endPort`, endPort, 'must be greater than or equal to `port`'));
  return problems;
}

/** What breaks the rules on a rule's peers. */
export function peerProblems(path: string, peers: readonly NetworkPolicyPeer[] = []): Problem[] {
  return peers.flatMap(({ ipBlock, instanceSelector }, index) => [
    ...(ipBlock ? blockProblems(`${path}[${index}].ipBlock`, ipBlock) : []),
    ...selectorProblems(`${path}[${index}].instanceSelector`, instanceSelector),
  ]);
}

function blockProblems(path: string, { cidr, except = [] }: IPBlock): Problem[] {
  const outer = parseCidr(cidr);
  return except.flatMap((text, index) => {
    const inner = parseCidr(text);
    const inside = outer !== undefined && inner !== undefined && contains(outer, inner) && inner.length > outer.length;
    return inside ? [] : [invalid(`${path}.except[${index}]`, text, 'must be a strict subset of `cidr`')];
  });
}

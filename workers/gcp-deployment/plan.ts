import type { Network, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { compileLevel, interfacePrecedence } from '../clouds/gcp/firewall-policy/compile.ts';
import { firewallBody } from '../clouds/gcp/firewalls.ts';
import { firewallName, interfaceTag, networkName } from '../clouds/gcp/names.ts';
import { factsOf, type WantedFirewall } from '../gcp-objects/firewalls/firewall-set.ts';
import { type Member, peersAmong } from '../gcp-objects/firewalls/members.ts';
import { namedPortsOf } from '../gcp-objects/firewalls/named-ports.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { describe } from '../gcp-objects/reasons.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { type Conditioned, conditionOf, type Verdict } from '../objects/condition.ts';
import { familiesOf } from '../objects/ip-families.ts';

export interface WantedPolicies {
  readonly firewalls: readonly WantedFirewall[];
  /** Parts of rules that could not be followed, with their paths. */
  readonly problems: readonly string[];
}

/** A network that is there in the deployment's location, and who is on it. */
export interface InterfaceNetwork {
  readonly network: Network;
  readonly members: readonly Member[];
}

/**
 * Firewalls of the interfaces of a deployment's instances. `networks` has each interface's network, undefined while it is
 * not there yet: its rules come later.
 */
export function wantedPolicies(
  deployment: WorkloadDeployment,
  networks: readonly (InterfaceNetwork | undefined)[],
  account: string,
  by: By,
): WantedPolicies {
  const { uid } = deployment.metadata;
  const { spec } = deployment.spec.template;
  const namedPorts = namedPortsOf(spec);
  const wanted = new Map<string, WantedFirewall>();
  const problems: string[] = [];
  for (const [index, { networkPolicy }] of spec.networkInterfaces.entries()) {
    const { network, members } = networks[index] ?? {};
    if (network === undefined || members === undefined) continue;
    const path = `spec.template.spec.networkInterfaces[${index}].networkPolicy`;
    const rules = (networkPolicy?.ingress ?? []).map(({ ports = [], from }, at) => ({
      path: `${path}.ingress[${at}]`,
      ports,
      ...peersAmong(members, from),
    }));
    const compiled = compileLevel(
      { direction: 'INGRESS', ...interfacePrecedence, rules },
      { namedPorts, families: familiesOf(network) },
    );
    problems.push(...compiled.problems.map((problem) => `${problem.path}: ${problem.message}`));
    const targetTag = interfaceTag(uid, index);
    for (const rule of compiled.firewalls) {
      const content = { network: network.metadata.uid, targetTag, rule };
      const name = firewallName(uid, content);
      const marker = { ownerKind: 'WorkloadDeployment', ownerUid: uid };
      wanted.set(name, {
        ...ownedIn(deployment, by),
        account,
        scope: 'global',
        type: 'compute.firewalls',
        name,
        body: firewallBody({ account, name, network: networkName(network.metadata.uid), targetTag, rule, marker }),
        specHash: name,
        facts: factsOf(rule, targetTag),
        rule,
      });
    }
  }
  return { firewalls: [...wanted.values()], problems };
}

/** Condition PolicyProgrammed: only said when something is wrong, and when it is right again. */
export function policyVerdicts(
  deployment: Conditioned,
  stages: readonly Stage[],
  problems: readonly string[],
): Verdict[] {
  const failures = stages.flatMap((stage) => (stage.at === 'failed' ? [describe(stage)] : []));
  if (problems.length > 0) return [verdict('False', 'RuleNotFollowed', [...problems, ...failures].join('; '))];
  if (failures.length > 0) return [verdict('False', 'FirewallNotProgrammed', failures.join('; '))];
  const isDone = stages.every(({ at }) => at === 'ready' || at === 'gone');
  if (!isDone || conditionOf(deployment, 'PolicyProgrammed') === undefined) return [];
  return [verdict('True', 'Programmed', 'All rules are in force')];
}

function verdict(status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type: 'PolicyProgrammed', status, reason, message };
}

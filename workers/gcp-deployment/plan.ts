import type { InstanceSpec, Network, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { compilePolicy } from '../clouds/gcp/firewall-policy/compile.ts';
import type { NamedPort } from '../clouds/gcp/firewall-policy/ports.ts';
import { firewallBody } from '../clouds/gcp/firewalls.ts';
import { firewallName, interfaceTag, networkName } from '../clouds/gcp/names.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { describe } from '../gcp-objects/reasons.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { type Conditioned, conditionOf, type Verdict } from '../objects/condition.ts';
import { familiesOf } from '../objects/ip-families.ts';

/** Fact that tells firewalls that take away from those that give. */
const actionFact = 'action';

export interface WantedPolicies {
  readonly deny: readonly Wanted<'compute.firewalls'>[];
  readonly allow: readonly Wanted<'compute.firewalls'>[];
  /** Parts of rules that could not be followed, with their paths. */
  readonly problems: readonly string[];
}

/**
 * Firewalls of the interfaces of a deployment's instances. `networks` has each interface's network, undefined while it is
 * not there yet: its rules come later.
 */
export function wantedPolicies(
  deployment: WorkloadDeployment,
  networks: readonly (Network | undefined)[],
  account: string,
  by: By,
): WantedPolicies {
  const { uid } = deployment.metadata;
  const { spec } = deployment.spec.template;
  const namedPorts = namedPortsOf(spec);
  const wanted = new Map<string, Wanted<'compute.firewalls'> & { readonly action: 'allow' | 'deny' }>();
  const problems: string[] = [];
  for (const [index, { networkPolicy }] of spec.networkInterfaces.entries()) {
    const network = networks[index];
    if (network === undefined) continue;
    const compiled = compilePolicy(networkPolicy?.ingress ?? [], {
      namedPorts,
      families: familiesOf(network),
    });
    const path = `spec.template.spec.networkInterfaces[${index}].networkPolicy`;
    problems.push(...compiled.problems.map((problem) => `${path}.${problem.path}: ${problem.message}`));
    const targetTag = interfaceTag(uid, index);
    for (const rule of compiled.firewalls) {
      const content = { network: network.metadata.uid, targetTag, rule };
      const name = firewallName(uid, content);
      const marker = { ownerKind: 'WorkloadDeployment', ownerUid: uid };
      const body = firewallBody({ account, name, network: networkName(network.metadata.uid), targetTag, rule, marker });
      const { action } = rule;
      const place = { account, scope: 'global', type: 'compute.firewalls' } as const;
      wanted.set(name, {
        ...ownedIn(deployment, by),
        ...place,
        name,
        body,
        specHash: name,
        facts: { [actionFact]: action },
        action,
      });
    }
  }
  const all = [...wanted.values()];
  return {
    deny: all.filter(({ action }) => action === 'deny'),
    allow: all.filter(({ action }) => action === 'allow'),
    problems,
  };
}

function namedPortsOf({ runtime }: InstanceSpec): NamedPort[] {
  return [
    ...(runtime.virtualMachine?.ports ?? []),
    ...(runtime.sandbox?.containers ?? []).flatMap(({ ports }) => ports ?? []),
  ];
}

/** Firewalls that are there and no longer wanted: those that give go before those that take away. */
export function leftovers(
  rows: readonly CloudResource[],
  wanted: WantedPolicies,
  account: string,
): { allow: CloudResource[]; deny: CloudResource[] } {
  const names = new Set([...wanted.deny, ...wanted.allow].map(({ name }) => name));
  const left = rows.filter((row) => row.account !== account || !names.has(row.name));
  return {
    allow: left.filter(({ facts }) => facts[actionFact] !== 'deny'),
    deny: left.filter(({ facts }) => facts[actionFact] === 'deny'),
  };
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

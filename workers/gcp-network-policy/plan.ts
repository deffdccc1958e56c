import type { NetworkPolicy } from '../../kinds/generated/types.ts';
import type { PolicyGroup } from '../gcp-objects/firewalls/groups.ts';
import { describe } from '../gcp-objects/reasons.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import type { Verdict } from '../objects/condition.ts';

/** How far the policies of a network are. */
export interface Progress {
  readonly groups: readonly PolicyGroup[];
  readonly stages: readonly Stage[];
  /** Tags whose rules are in force everywhere, on every machine that they are meant for. */
  readonly complete: ReadonlySet<string>;
}

/** Accepted and Programmed of a policy, and how many instances it is about. */
export function policyStatus(
  policy: NetworkPolicy,
  progress: Progress | undefined,
): { readonly verdicts: Verdict[]; readonly matchedInstances: number } {
  if (progress === undefined) {
    const message = `Network ${policy.spec.network.name} does not exist`;
    return {
      verdicts: [
        verdict('Accepted', 'False', 'NetworkNotFound', message),
        verdict('Programmed', 'False', 'NetworkNotFound', message),
      ],
      matchedInstances: 0,
    };
  }
  const { uid } = policy.metadata;
  const own = progress.groups.filter(({ policies }) => policies.some(({ metadata }) => metadata.uid === uid));
  const problems = own.flatMap((group) => group.problems.filter(({ policyUid }) => policyUid === uid));
  const texts = [...new Set(problems.map(({ message }) => message))];
  return {
    verdicts: [verdict('Accepted', 'True', 'Accepted', 'The policy is followed'), programmed(own, texts, progress)],
    matchedInstances: own.reduce((sum, { members }) => sum + members.length, 0),
  };
}

function programmed(own: readonly PolicyGroup[], problems: readonly string[], { stages, complete }: Progress): Verdict {
  // Firewalls of a network share its quota, so a failure of one is told to all policies.
  const failures = stages.flatMap((stage) => (stage.at === 'failed' ? [describe(stage)] : []));
  if (problems.length > 0) return verdict('Programmed', 'False', 'RuleNotFollowed', problems.join('; '));
  if (own.every(({ tag }) => complete.has(tag))) {
    const message = own.length === 0 ? 'No instance is selected' : 'All rules are in force';
    return verdict('Programmed', 'True', 'Programmed', message);
  }
  if (failures.length > 0) return verdict('Programmed', 'False', 'FirewallNotProgrammed', failures.join('; '));
  return verdict('Programmed', 'False', 'ProgrammingInProgress', 'The rules are being put in force');
}

function verdict(type: string, status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type, status, reason, message };
}

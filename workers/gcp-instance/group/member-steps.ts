import type { GroupView, Member } from '../../clouds/gcp/groups/members.ts';

/** What matters about an instance of a group. */
export interface MemberInstance {
  /** Machine that it stands for. */
  readonly machine: string;
  readonly templateHash: string | undefined;
  readonly deleting: boolean;
}

export interface MemberGoal {
  /** Machines that there should be; undefined where the cloud decides. */
  readonly size: number | undefined;
  /** Name of the template that machines should have. */
  readonly template: string;
  /** Hash of the instance template that a template of the cloud was made from; undefined for one that is not ours. */
  hashOf(template: string): string | undefined;
}

/** What brings instances and group together. */
export interface MemberSteps<I extends MemberInstance> {
  /** Machines without an instance. */
  readonly discover: readonly Member[];
  /** Instances whose machine was made anew from another template. */
  readonly renew: readonly { readonly instance: I; readonly templateHash: string }[];
  /** Instances whose machine is gone. */
  readonly vanished: readonly I[];
  /** Machines that are to leave the group. */
  readonly leave: readonly Member[];
  /** How many machines the group is to have, where that is more than it has. */
  readonly grow: number | undefined;
}

/** Most machines that one call takes out of a group. */
const maxAtOnce = 1_000;

/**
 * Compares all machines of a group with all instances that stand for some. Machines leave whose instance is being deleted,
 * and where there are too many, first those that do not run, then those with an old template.
 */
export function memberSteps<I extends MemberInstance>(
  goal: MemberGoal,
  view: GroupView,
  instances: readonly I[],
): MemberSteps<I> {
  const byMachine = new Map(instances.map((one) => [one.machine, one]));
  const there = new Set(view.members.map(({ name }) => name));
  const staying = view.members.filter(({ leaving }) => !leaving);
  const asked = staying.filter(({ name }) => byMachine.get(name)?.deleting === true);
  const surplus = goal.size === undefined ? 0 : view.size - asked.length - goal.size;
  const chosen = staying.filter((one) => !asked.includes(one)).toSorted(leastMissedFirst(goal.template));
  const leave = [...asked, ...chosen.slice(0, Math.max(0, surplus))].slice(0, maxAtOnce);
  return {
    discover: staying.filter(({ name }) => !byMachine.has(name)),
    renew: staying.flatMap(({ name, template }) => {
      const instance = byMachine.get(name);
      const templateHash = goal.hashOf(template);
      const isRenewed = instance !== undefined && !instance.deleting && instance.templateHash !== templateHash;
      return isRenewed && templateHash !== undefined ? [{ instance, templateHash }] : [];
    }),
    vanished: instances.filter(({ machine }) => !there.has(machine)),
    leave,
    grow: leave.length === 0 && goal.size !== undefined && view.size < goal.size ? goal.size : undefined,
  };
}

function leastMissedFirst(template: string): (a: Member, b: Member) => number {
  const worth = (one: Member): number => (one.running ? 2 : 0) + (one.template === template ? 1 : 0);
  return (a, b) => worth(a) - worth(b) || (a.name < b.name ? 1 : -1);
}

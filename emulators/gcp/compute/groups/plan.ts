import type { CurrentAction } from './managed.ts';
import type { UpdateAction } from '../update-action.ts';
import { greater, isMore } from '../update-action.ts';

/** A template that a group wants machines of, and how many. */
export interface VersionTarget {
  readonly template: string;
  readonly name?: string;
  readonly count: number;
}

/** What a group wants. */
export interface GroupSpec {
  readonly targetSize: number;
  readonly versions: readonly VersionTarget[];
  readonly zones: readonly string[];
  /** Whether it brings its machines to a new template by itself. */
  readonly isProactive: boolean;
  readonly minimalAction: UpdateAction;
  readonly mostDisruptiveAction: UpdateAction;
  /** New names for replaced machines, or the same again. */
  readonly replacement: 'SUBSTITUTE' | 'RECREATE';
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly repairs: boolean;
  /** Whether a repaired machine gets the newest template. */
  readonly updatesOnRepair: boolean;
}

/** A machine of the group as it is. */
export interface Member {
  readonly name: string;
  readonly zone: string;
  readonly action: CurrentAction;
  readonly template: string;
  /** `up` when it runs and answers its health check; `down` when it must be repaired. */
  readonly state: 'up' | 'coming' | 'down';
}

export type Decision =
  | { readonly do: 'create'; readonly zone: string; readonly version: VersionTarget }
  | { readonly do: 'delete'; readonly name: string }
  | { readonly do: 'recreate'; readonly name: string; readonly version: VersionTarget }
  | {
      readonly do: 'update';
      readonly name: string;
      readonly action: 'REFRESH' | 'RESTART';
      readonly version: VersionTarget;
    };

/** The least that turns a machine of one template into one of another. */
export type Needed = (from: string, to: string) => UpdateAction;

/** What a group does next about its size, its versions and its broken machines. Empty when it is as it should be. */
export function decide(spec: GroupSpec, members: readonly Member[], needed: Needed): readonly Decision[] {
  const live = members.filter(({ action }) => action !== 'DELETING' && action !== 'ABANDONING');
  const outdated = spec.isProactive ? outdatedOf(spec, live, needed) : [];
  const surge = Math.min(spec.maxSurge, outdated.length);
  const current = live.filter((member) => !outdated.some((old) => old.member === member));
  const decisions: Decision[] = [...repairs(spec, current)];
  const missing = spec.targetSize + surge - live.length;
  if (missing > 0) decisions.push(...creations(spec, live, missing));
  else if (missing < 0) decisions.push(...removals(spec, live, -missing));
  else decisions.push(...updates(spec, live, outdated));
  return decisions;
}

/** Whether every machine is of the template that it should be of. */
export function isReached(spec: GroupSpec, members: readonly Member[]): boolean {
  const live = members.filter(({ action }) => action !== 'DELETING' && action !== 'ABANDONING');
  return wrongVersions(spec, live).length === 0;
}

interface Outdated {
  readonly member: Member;
  readonly version: VersionTarget;
  readonly action: Exclude<UpdateAction, 'NONE'>;
}

/** The machines that the policy lets the group change, and how. */
function outdatedOf(spec: GroupSpec, live: readonly Member[], needed: Needed): readonly Outdated[] {
  return wrongVersions(spec, live).flatMap(({ member, version }) => {
    const action = greater(spec.minimalAction, needed(member.template, version.template));
    return action === 'NONE' || isMore(action, spec.mostDisruptiveAction) ? [] : [{ member, version, action }];
  });
}

/** Machines beyond what their version wants, each with the version that it should be of, if one wants more. */
function wrongVersions(
  spec: GroupSpec,
  live: readonly Member[],
): readonly { member: Member; version: VersionTarget }[] {
  const left = new Map(spec.versions.map((version) => [version.template, version.count]));
  const surplus = live.filter(({ template }) => {
    const count = left.get(template) ?? 0;
    if (count > 0) left.set(template, count - 1);
    return count === 0;
  });
  const wanting = spec.versions.flatMap((version) =>
    Array.from({ length: left.get(version.template) ?? 0 }, () => version),
  );
  const newest = spec.versions.at(-1);
  const isKnown = (template: string) => spec.versions.some((version) => version.template === template);
  return surplus.flatMap((member, index) => {
    // A machine too many of a version that is wanted is for the size to correct, not for the rollout.
    const version = wanting[index] ?? (isKnown(member.template) ? undefined : newest);
    return version === undefined || version.template === member.template ? [] : [{ member, version }];
  });
}

function repairs(spec: GroupSpec, live: readonly Member[]): readonly Decision[] {
  if (!spec.repairs) return [];
  return live
    .filter(({ action, state }) => (action === 'NONE' || action === 'VERIFYING') && state === 'down')
    .map(({ name, template }) => {
      const own = spec.versions.find((version) => version.template === template);
      const newest = spec.versions.at(-1);
      const version = spec.updatesOnRepair ? (own ?? newest) : undefined;
      return { do: 'recreate', name, version: version ?? { template, count: 1, ...nameOf(own) } };
    });
}

function nameOf(version: VersionTarget | undefined): { name?: string } {
  return version?.name === undefined ? {} : { name: version.name };
}

/** New machines of the versions that lack most, each in the zone that has fewest. */
function creations(spec: GroupSpec, live: readonly Member[], count: number): readonly Decision[] {
  const inZone = new Map(spec.zones.map((zone) => [zone, live.filter((member) => member.zone === zone).length]));
  const lacking = spec.versions.flatMap((version) => {
    const there = live.filter(({ template }) => template === version.template).length;
    return Array.from({ length: Math.max(0, version.count - there) }, () => version);
  });
  return Array.from({ length: count }, (_, index) => {
    const version = lacking[index] ?? spec.versions.at(-1);
    const [zone = ''] = [...inZone].toSorted(([, left], [, right]) => left - right)[0] ?? [];
    if (version === undefined) throw new Error('a group without a version');
    inZone.set(zone, (inZone.get(zone) ?? 0) + 1);
    return { do: 'create', zone, version };
  });
}

/**
 * The machines that are least missed, of versions that have too many: those that do not run, those in the fullest zone.
 * A machine that runs is kept as long as others are only coming.
 */
function removals(spec: GroupSpec, live: readonly Member[], count: number): readonly Decision[] {
  const left = [...live];
  const decisions: Decision[] = [];
  let budget = spareOf(spec, live);
  while (decisions.length < count) {
    const candidates = left.filter(({ template }) => isTooMany(spec, left, template));
    const rank = (member: Member) => [
      isAvailable(member) ? 1 : 0,
      -left.filter((other) => other.zone === member.zone).length,
    ];
    const [first] = candidates.toSorted((a, b) => compare(rank(a), rank(b)));
    if (first === undefined || (isAvailable(first) && budget <= 0)) break;
    if (isAvailable(first)) budget -= 1;
    left.splice(left.indexOf(first), 1);
    decisions.push({ do: 'delete', name: first.name });
  }
  return decisions;
}

function isTooMany(spec: GroupSpec, members: readonly Member[], template: string): boolean {
  const wanted = spec.versions.find((version) => version.template === template)?.count ?? 0;
  return members.filter((member) => member.template === template).length > wanted;
}

/** How many machines that run the group can do without. */
function spareOf(spec: GroupSpec, live: readonly Member[]): number {
  return live.filter(isAvailable).length - (spec.targetSize - spec.maxUnavailable);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    const difference = value - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** As many changes as may be unavailable at once; refreshing disturbs nobody, and what is down is no loss. */
function updates(spec: GroupSpec, live: readonly Member[], outdated: readonly Outdated[]): readonly Decision[] {
  let budget = spareOf(spec, live);
  const decisions: Decision[] = [];
  for (const { member, version, action } of outdated) {
    const isIdle = member.action === 'NONE' || member.action === 'VERIFYING' || isBeingMade(member);
    if (!isIdle) continue;
    if (action === 'REFRESH' && member.action === 'NONE') {
      decisions.push({ do: 'update', name: member.name, action, version });
      continue;
    }
    if (isAvailable(member)) {
      if (budget <= 0) continue;
      budget -= 1;
    }
    if (action === 'RESTART' && !isBeingMade(member)) {
      decisions.push({ do: 'update', name: member.name, action, version });
    } else if (spec.replacement === 'RECREATE') decisions.push({ do: 'recreate', name: member.name, version });
    else decisions.push({ do: 'delete', name: member.name });
  }
  return decisions;
}

function isAvailable({ action, state }: Member): boolean {
  return action === 'NONE' && state === 'up';
}

function isBeingMade({ action }: Member): boolean {
  return action === 'CREATING' || action === 'CREATING_WITHOUT_RETRIES' || action === 'RECREATING';
}

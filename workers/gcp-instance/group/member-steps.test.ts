import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GroupView, Member } from '../../clouds/gcp/groups/members.ts';
import { type MemberGoal, type MemberInstance, memberSteps } from './member-steps.ts';

const goal = (size: number | undefined): MemberGoal => ({
  size,
  template: 'new',
  hashOf: (template) => (template === 'foreign' ? undefined : `hash of ${template}`),
});

/** `a:new+` runs, `-` does not, `~` leaves. */
function member(text: string): Member {
  const [, name = '', template = '', state = ''] = /^(\w+):(\w+)([-+~])$/.exec(text) ?? [];
  return {
    name,
    url: name,
    exists: true,
    template,
    leaving: state === '~',
    running: state === '+',
    settled: true,
    fault: undefined,
  };
}

const split = (text: string): string[] => text.split(' ').filter(Boolean);
const view = (size: number, members: string): GroupView => ({
  size,
  atRest: true,
  templates: ['new'],
  members: split(members).map(member),
});
/** `a:new` stands for machine a with the template new; `~` is being deleted. */
const instances = (text: string): MemberInstance[] =>
  split(text).map((one) => {
    const [, machine = '', template, state] = /^(\w+):(\w+)(~?)$/.exec(one) ?? [];
    return { machine, templateHash: `hash of ${template}`, deleting: state === '~' };
  });

function stepsOf(size: number | undefined, group: GroupView, present: string): string {
  const { discover, renew, vanished, leave, grow } = memberSteps(goal(size), group, instances(present));
  return [
    ...discover.map(({ name }) => `+${name}`),
    ...renew.map(({ instance }) => `*${instance.machine}`),
    ...vanished.map(({ machine }) => `-${machine}`),
    ...leave.map(({ name }) => `<${name}`),
    ...(grow === undefined ? [] : [`=${grow}`]),
  ].join(' ');
}

describe('group and instances', () => {
  test.each([
    ['nothing when they are the same', 2, view(2, 'a:new+ b:new+'), 'a:new b:new', ''],
    ['an empty group', 0, view(0, ''), 'a:new b:new', '-a -b'],
    ['machines are found', 2, view(2, 'a:new+ b:new-'), '', '+a +b'],
    ['one that leaves is not found any more', 1, view(1, 'a:new~ b:new+'), 'b:new', ''],
    ['but it is kept until it is gone', 1, view(1, 'a:new~ b:new+'), 'a:new b:new', ''],
    ['machines vanish', 1, view(1, 'b:new+'), 'a:new b:new', '-a'],
    ['a machine that was made anew', 1, view(1, 'a:new+'), 'a:old', '*a'],
    ['but by a template that is not ours', 1, view(1, 'a:foreign+'), 'a:old', ''],
    ['too few', 3, view(1, 'a:new+'), 'a:new', '=3'],
    [
      'too many: those that do not run, then old ones',
      2,
      view(4, 'a:new+ b:old+ c:new+ d:new-'),
      'a:new b:old c:new d:new',
      '<d <b',
    ],
    ['too many, and some leave already', 1, view(1, 'a:new~ b:new+'), 'a:new b:new', ''],
    ['one that somebody deletes', 2, view(2, 'a:new+ b:new+'), 'a:new~ b:new', '<a'],
    ['one that somebody deletes among too many', 1, view(3, 'a:new+ b:new+ c:new+'), 'a:new~ b:new c:new', '<a <c'],
    ['once is enough', 2, view(1, 'a:new~ b:new+'), 'a:new~ b:new', '=2'],
    ['where the cloud decides the size', undefined, view(5, 'a:new+'), 'a:new', ''],
    ['and somebody deletes one', undefined, view(1, 'a:new+'), 'a:new~', '<a'],
  ])('%s', (_case, size, group, present, expected) => {
    expect(stepsOf(size, group, present)).toBe(expected);
  });

  const anyMember = fc.record({
    template: fc.constantFrom('new', 'old', 'foreign'),
    state: fc.constantFrom('+', '-', '~'),
    instance: fc.constantFrom('none', 'live', 'deleting'),
  });

  test('whatever there is, they come to be the same, of the wanted size', () => {
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.nat(9),
        fc.array(anyMember, { maxLength: 9 }),
        fc.nat(3),
        (size, target, list, ghosts) => {
          let members = list.map(({ template, state }, index) => member(`m${index}:${template}${state}`));
          let present = list.flatMap(({ instance }, index) =>
            instance === 'none' ? [] : instances(`m${index}:old${instance === 'deleting' ? '~' : ''}`),
          );
          present.push(...Array.from({ length: ghosts }, (_, index) => instances(`ghost${index}:old`)).flat());
          let groupSize = target;
          let born = 0;
          for (let round = 0; round < 30; round++) {
            const steps = memberSteps(goal(size), { ...view(groupSize, ''), members }, present);
            groupSize = steps.grow ?? Math.max(0, groupSize - steps.leave.length);
            const renewed = new Map(steps.renew.map(({ instance, templateHash }) => [instance, templateHash]));
            present = present
              .filter((one) => !steps.vanished.includes(one))
              .map((one) => ({ ...one, templateHash: renewed.get(one) ?? one.templateHash }));
            present.push(...steps.discover.map(({ name }) => instances(`${name}:new`)).flat());
            // The group does its part: who leaves is gone, it makes what it lacks and takes what is too much.
            members = members
              .filter(({ leaving }) => !leaving)
              .map((one) => (steps.leave.includes(one) ? { ...one, leaving: true } : { ...one, template: 'new' }));
            const staying = members.filter(({ leaving }) => !leaving);
            for (let lack = groupSize - staying.length; lack > 0; lack--) members.push(member(`n${born++}:new+`));
            for (const one of staying.slice(groupSize)) members = members.filter((other) => other !== one);
          }
          expect(present.map(({ machine }) => machine).toSorted()).toEqual(members.map(({ name }) => name).toSorted());
          expect(members.length).toBe(size);
          expect(present.every(({ templateHash, deleting }) => templateHash === 'hash of new' && !deleting)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

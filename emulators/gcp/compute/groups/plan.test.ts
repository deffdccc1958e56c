import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupSpec, Member } from './plan.ts';
import { decide, isReached } from './plan.ts';

const base: GroupSpec = {
  targetSize: 3,
  versions: [{ template: 'new', count: 3 }],
  zones: ['a', 'b'],
  isProactive: true,
  minimalAction: 'REPLACE',
  mostDisruptiveAction: 'REPLACE',
  replacement: 'SUBSTITUTE',
  maxSurge: 1,
  maxUnavailable: 0,
  repairs: true,
  updatesOnRepair: false,
};
const needed = (from: string, to: string) => (from === to ? 'NONE' : 'REPLACE');

const members: fc.Arbitrary<Member[]> = fc
  .array(
    fc.record({
      zone: fc.constantFrom('a', 'b'),
      action: fc.constantFrom('NONE', 'CREATING', 'DELETING', 'VERIFYING', 'RECREATING' as const),
      template: fc.constantFrom('old', 'new'),
      state: fc.constantFrom('up', 'coming' as const),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((member, index) => ({ ...member, name: `m${index}` })));

const spec: fc.Arbitrary<GroupSpec> = fc
  .record({
    targetSize: fc.nat(5),
    maxSurge: fc.nat(2),
    maxUnavailable: fc.nat(2),
    isCanary: fc.boolean(),
    replacement: fc.constantFrom('SUBSTITUTE', 'RECREATE' as const),
  })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0)
  .map(({ targetSize, maxSurge, maxUnavailable, isCanary, replacement }) => {
    const old = isCanary ? Math.min(1, targetSize) : 0;
    const versions = [
      ...(isCanary ? [{ template: 'old', count: old }] : []),
      { template: 'new', count: targetSize - old },
    ];
    return {
      ...base,
      targetSize,
      maxSurge: replacement === 'RECREATE' ? 0 : maxSurge,
      maxUnavailable: Math.max(maxUnavailable, replacement === 'RECREATE' ? 1 : 0),
      versions,
      replacement,
    };
  });

/** The members after the decisions, with all that was begun brought to its end. */
function apply(list: readonly Member[], decisions: ReturnType<typeof decide>, round: number): Member[] {
  const after = new Map(
    list
      .filter(({ action }) => action !== 'DELETING')
      .map((member): [string, Member] => [member.name, { ...member, action: 'NONE', state: 'up' }]),
  );
  for (const [index, decision] of decisions.entries()) {
    if (decision.do === 'create') {
      const name = `n${round}-${index}`;
      after.set(name, { name, zone: decision.zone, action: 'NONE', template: decision.version.template, state: 'up' });
    } else if (decision.do === 'delete') after.delete(decision.name);
    else {
      const member = after.get(decision.name);
      if (member !== undefined) after.set(decision.name, { ...member, template: decision.version.template });
    }
  }
  return [...after.values()];
}

test('a group never has more machines than wanted and surged, nor fewer running than its policy says', () => {
  fc.assert(
    fc.property(spec, members, (wanted, list) => {
      const decisions = decide(wanted, list, needed);
      const live = list.filter(({ action }) => action !== 'DELETING');
      const created = decisions.filter((decision) => decision.do === 'create').length;
      expect(created === 0 || live.length + created <= wanted.targetSize + wanted.maxSurge).toBe(true);
      const isAvailable = ({ action, state }: Member) => action === 'NONE' && state === 'up';
      const disturbed = new Set(decisions.flatMap((decision) => (decision.do === 'create' ? [] : [decision.name])));
      const before = live.filter(isAvailable).length;
      const after = live.filter((member) => isAvailable(member) && !disturbed.has(member.name)).length;
      expect(after === before || after >= wanted.targetSize - wanted.maxUnavailable).toBe(true);
    }),
  );
});

test('a group that is left alone comes to rest with the machines it wants', () => {
  fc.assert(
    fc.property(spec, members, (wanted, start) => {
      let list: readonly Member[] = start;
      for (let round = 0; round < 60; round += 1) list = apply(list, decide(wanted, list, needed), round);
      expect(decide(wanted, list, needed)).toEqual([]);
      expect(list).toHaveLength(wanted.targetSize);
      expect(isReached(wanted, list)).toBe(true);
    }),
  );
});

test('a broken machine is made anew from its own template, or from the newest where the policy says so', () => {
  const broken: Member = { name: 'm', zone: 'a', action: 'NONE', template: 'old', state: 'down' };
  const calm = { ...base, targetSize: 1, isProactive: false };
  expect(decide(calm, [broken], needed)).toMatchObject([{ do: 'recreate', version: { template: 'old' } }]);
  expect(decide({ ...calm, updatesOnRepair: true }, [broken], needed)).toMatchObject([
    { version: { template: 'new' } },
  ]);
  expect(decide({ ...calm, repairs: false }, [broken], needed)).toEqual([]);
});

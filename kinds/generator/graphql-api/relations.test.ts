import { expect, test } from 'vitest';
import type { Kind } from '../../kind.ts';
import { facts } from '../../registry.ts';
import { relationsOf } from './relations.ts';

const [network] = facts.kinds.filter(({ id }) => id === 'Network');

/** A kind without references, but for what is given. */
function kind(id: string, more: Partial<Kind>): Kind {
  if (network === undefined) throw new Error('no kind Network');
  return { ...network, id, name: id, references: [], owners: [], derived: [], ...more };
}

test('a reference is a relation both ways, several under one name are one list', () => {
  const relations = relationsOf([
    kind('A', {
      references: [
        { path: 'spec.b', kind: 'B', form: 'object', field: 'bs', inverse: 'as' },
        { path: 'spec.c.b', kind: 'B', form: 'name', field: 'bs', inverse: 'as' },
      ],
      derived: [{ field: 'friends', path: ['bs', 'as'], single: false }],
    }),
    kind('B', { owners: [{ kind: 'A', field: 'owner', inverse: 'owned' }] }),
  ]);
  expect(relations.get('A')?.get('bs')).toMatchObject({
    via: 'reference',
    to: 'B',
    single: false,
    references: [{ path: 'spec.b' }, { path: 'spec.c.b' }],
  });
  expect(relations.get('B')?.get('as')).toEqual({ via: 'referrers', to: 'A' });
  expect(relations.get('B')?.get('owner')).toEqual({ via: 'owner', to: 'A' });
  expect(relations.get('A')?.get('owned')).toEqual({ via: 'owned', to: 'B' });
  expect(relations.get('A')?.get('friends')).toEqual({ via: 'path', to: 'A', single: false, path: ['bs', 'as'] });
});

test('kinds that contradict each other are refused with the name of the field', () => {
  const reference = { path: 'spec.b', kind: 'B', form: 'object', field: 'x', inverse: 'as' } as const;
  const twice = kind('A', { references: [reference], owners: [{ kind: 'B', field: 'x', inverse: 'owned' }] });
  expect(() => relationsOf([twice, kind('B', {})])).toThrow('A.x is two different relations');
  expect(() => relationsOf([kind('A', { references: [reference] })])).toThrow('B is not a kind, but has a relation as');
  expect(() => relationsOf([kind('A', { derived: [{ field: 'x', path: ['nowhere'], single: true }] })])).toThrow(
    'A.x: A has no relation nowhere',
  );
});

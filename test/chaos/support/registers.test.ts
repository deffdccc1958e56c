import { expect, test } from 'vitest';
import { type Change, contradictions, type Deed } from './registers.ts';

const changes: Change[] = [
  { revision: 1n, type: 'A', key: 'ns/x', mark: 'first' },
  { revision: 3n, type: 'M', key: 'ns/x', mark: 'second' },
  { revision: 4n, type: 'A', key: 'ns/own', mark: 'own' },
  { revision: 5n, type: 'D', key: 'ns/own', mark: 'own' },
];
const done = (revision: bigint) => ({ is: 'done', revision }) as const;
const replace: Deed = { does: 'replace', key: 'ns/x', mark: 'second', startMs: 10, endMs: 20, outcome: done(3n) };
const read = (mark: string, revision: bigint, startMs: number): Deed => ({
  does: 'read',
  key: 'ns/x',
  mark,
  startMs,
  endMs: startMs + 5,
  outcome: done(revision),
});

test('a history that could have been is taken', () => {
  const create: Deed = { does: 'create', key: 'ns/own', mark: 'own', startMs: 0, endMs: 1, outcome: done(4n) };
  const remove: Deed = { does: 'remove', key: 'ns/own', mark: '', startMs: 2, endMs: 3, outcome: done(5n) };
  const lost: Deed = { ...replace, mark: 'never', outcome: { is: 'unknown', why: 'cut' } };
  const around = [read('first', 1n, 0), read('first', 1n, 12), read('second', 3n, 12), read('second', 3n, 30)];
  expect(contradictions([create, remove, replace, lost, ...around], changes)).toEqual([]);
});

test.each<[string, Deed, RegExp]>([
  ['a write that is lost', { ...replace, mark: 'lost', outcome: done(2n) }, /acknowledged as 2 and is not there/],
  ['a write as another revision', { ...replace, outcome: done(2n) }, /acknowledged as 2 and is 3/],
  ['a refusal that was not one', { ...replace, outcome: { is: 'refused', why: '409' } }, /refused and is there/],
  ['a removal that is lost', { ...replace, does: 'remove', outcome: done(6n) }, /acknowledged and is not there/],
  ['what was never written', read('third', 3n, 12), /never written/],
  ['an old value after a new one', read('first', 1n, 30), /1 after 3/],
])('%s is found', (_what, deed, found) => {
  const others = deed.does === 'read' ? [replace] : [];
  expect(contradictions([...others, deed], changes)).toEqual([expect.stringMatching(found)]);
});

test('a mark that was written twice is found', () => {
  const again: Change = { revision: 9n, type: 'M', key: 'ns/x', mark: 'second' };
  expect(contradictions([replace], [...changes, again])).toContainEqual(expect.stringMatching(/written twice/));
});

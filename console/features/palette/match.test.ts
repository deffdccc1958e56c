import { expect, test } from 'vitest';
import { matchOf } from './match.ts';

test('what begins so comes first, then words, then parts, then letters in order', () => {
  const texts = ['Networks', 'Create Network', 'Subnetworks', 'nice extra twork', 'Workloads'];
  const found = texts.map((text) => [matchOf(text, 'network'), text] as const).filter(([match]) => match > 0);
  expect(found.toSorted(([a], [b]) => b - a).map(([, text]) => text)).toEqual([
    'Networks',
    'Create Network',
    'Subnetworks',
    'nice extra twork',
  ]);
  expect(matchOf('anything', ' ')).toBe(1);
});

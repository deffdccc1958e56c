import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { ValidationError } from '../../../sdk/main.ts';
import { marksOf, problemsOf, stepsOf } from './problems.ts';

test.each([
  ['spec.mtu', ['spec', 'mtu']],
  ['spec.placements[0].cityCodes[1]', ['spec', 'placements', 0, 'cityCodes', 1]],
  ['metadata.labels[a.b/c]', ['metadata', 'labels', 'a.b/c']],
  ['metadata.labels["a.b/c"]', ['metadata', 'labels', 'a.b/c']],
  ['', []],
])('steps of %s', (field, steps) => {
  expect(stepsOf(field)).toEqual(steps);
});

test('what is wrong is marked where it stands, or where it should', () => {
  const text = 'spec:\n  mtu: 5\n  ipam: {}\n';
  const problems = problemsOf(
    new ValidationError('INVALID', [
      { field: 'spec.mtu', reason: 'FieldValueInvalid', message: 'too small' },
      { field: 'spec.ipam.mode', reason: 'FieldValueRequired', message: 'needed' },
      { field: 'spec.mtu', reason: 'FieldValueInvalid', message: 'odd' },
    ]),
  );
  const marks = marksOf(parseDocument(text), problems).map(({ from, to, message }) => [text.slice(from, to), message]);
  expect(marks).toEqual([
    ['5', 'too small'],
    ['5', 'odd'],
    ['{}', 'needed'],
  ]);
  expect(problemsOf(new Error('another'))).toEqual(new Map());
});

import { expect, test } from 'vitest';
import { normalReference } from './references.ts';

test('references are the same whatever form they come in', () => {
  for (const form of [
    'https://www.googleapis.com/compute/v1/projects/p/global/networks/n',
    'https://compute.googleapis.com/compute/beta/projects/p/global/networks/n',
    'projects/p/global/networks/n',
    'global/networks/n',
  ]) {
    expect(normalReference(form, 'p')).toBe('p/global/networks/n');
  }
});

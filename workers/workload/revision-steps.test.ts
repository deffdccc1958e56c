import { expect, test } from 'vitest';
import { fixture } from '../../test/support/fixture.ts';
import type { ControllerRevision } from '../../kinds/generated/types.ts';
import { templateHashLabel } from '../objects/labels.ts';
import { revisionSteps } from './revision-steps.ts';

const revision = (number: number, hash: string): ControllerRevision =>
  ({
    ...fixture('ControllerRevision', `web-${hash}`, { metadata: { labels: { [templateHashLabel]: hash } } }),
    revision: number,
  }) satisfies ControllerRevision;

const revisions = (count: number): ControllerRevision[] =>
  Array.from({ length: count }, (_, index) => revision(index + 1, `h${index + 1}`));

test.each<[string, ControllerRevision[], string, string[], string | undefined, number, string[]]>([
  ['the first', [], 'h1', [], undefined, 1, []],
  ['the same', revisions(2), 'h2', [], 'web-h2', 2, []],
  ['another', revisions(2), 'h3', [], undefined, 3, []],
  ['one that comes again is the newest', revisions(3), 'h1', [], 'web-h1', 4, []],
  ['ten are kept', revisions(12), 'h12', [], 'web-h12', 12, ['web-h2', 'web-h1']],
  ['the new one among them', revisions(10), 'h11', [], undefined, 11, ['web-h1']],
  ['but none goes that instances have', revisions(12), 'h12', ['h1'], 'web-h12', 12, ['web-h2']],
])('%s', (_case, present, hash, inUse, current, number, removed) => {
  const steps = revisionSteps(present, hash, new Set(inUse));
  expect(steps.current?.metadata.name).toBe(current);
  expect(steps.number).toBe(number);
  expect(steps.remove.map(({ metadata }) => metadata.name)).toEqual(removed);
});

import { expect, test } from 'vitest';
import { descriptionOf, labelsOf, markerOf, markerOfLabels } from './marker.ts';

test('markers come back from descriptions and labels, and from nothing else', () => {
  const marker = {
    ownerKind: 'Network',
    ownerUid: '5f9f9a3e-8f0f-4b57-9a9c-2f8f0a4f1c11',
    specHash: 'abcdefghijklmnop',
  };
  expect(markerOf(descriptionOf(marker))).toEqual(marker);
  expect(descriptionOf(marker).length).toBeLessThanOrEqual(256);
  expect(markerOfLabels(labelsOf(marker))).toEqual({ ...marker, ownerKind: 'network' });
  for (const foreign of [undefined, '', 'our network', '{', '{"managed-by":"terraform","owner-uid":"x"}', 'null'])
    expect(markerOf(foreign)).toBeUndefined();
  expect(markerOfLabels({ 'managed-by': 'goog-gke' })).toBeUndefined();
});

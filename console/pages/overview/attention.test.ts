import { expect, test } from 'vitest';
import type { AnyObject } from '../../catalog/any-object.ts';
import { ailingGroups } from './attention.ts';

function object(kind: string, name: string, conditions: object[], more: object = {}): AnyObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...more },
    status: { conditions },
  };
}

const condition = (status: string, reason: string, lastTransitionTime: string): object => ({
  type: 'Ready',
  status,
  reason,
  message: '',
  lastTransitionTime,
});

test('what is worst and lasts longest comes first, in groups of one reason; what is well does not come', () => {
  const groups = ailingGroups([
    object('Instance', 'well', [condition('True', 'Ready', '2026-01-01T00:00:00Z')]),
    object('ConfigMap', 'says nothing', []),
    object('Instance', 'starts', [condition('False', 'ProvisioningProviderInstance', '2026-01-01T00:00:00Z')]),
    object('Instance', 'late', [condition('False', 'Stopped', '2026-01-03T00:00:00Z')]),
    object('Network', 'refused', [condition('False', 'NetworkFailedToCreate', '2026-01-02T12:00:00Z')]),
    object('Instance', 'early', [condition('False', 'Stopped', '2026-01-02T00:00:00Z')]),
    object('Subnet', 'unseen', [condition('Unknown', 'Pending', '1970-01-01T00:00:00Z')]),
    object('Network', 'leaves', [], { deletionTimestamp: '2026-01-04T00:00:00Z' }),
  ]);
  expect(
    groups.map(({ kind, label, tone, objects }) => [
      tone,
      kind,
      label,
      objects.map((each) => each.object.metadata.name),
    ]),
  ).toEqual([
    ['bad', 'Instance', 'Stopped', ['early', 'late']],
    ['bad', 'Network', 'Network failed to create', ['refused']],
    ['busy', 'Instance', 'Provisioning provider instance', ['starts']],
    ['busy', 'Subnet', 'Pending', ['unseen']],
    ['busy', 'Network', 'Deleting', ['leaves']],
  ]);
  expect(groups[3]?.objects[0]?.since).toBe('2026-01-01T00:00:00Z');
});

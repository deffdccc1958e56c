import { expect, test } from 'vitest';
import { decodeId, encodeId } from './object-id.ts';

test('an id leads back to its place', () => {
  for (const place of [
    { project: 'default', kind: 'Network', namespace: 'default', name: 'web' },
    { project: 'p', kind: 'Namespace', namespace: '', name: 'kube-system' },
    { project: 'p', kind: 'Widget.example.com', namespace: 'a', name: 'x.y.z' },
  ]) {
    expect(decodeId(encodeId(place))).toEqual(place);
  }
});

test('anything else is no id', () => {
  for (const text of [
    '',
    'x',
    'a/b/c/d',
    ...['a/b/c', 'a/b/c/', '/b/c/d', 'a//c/d', 'a/b/c/d/e'].map((each) => Buffer.from(each).toString('base64url')),
  ]) {
    expect(decodeId(text), text).toBeUndefined();
  }
});
